"""Download of a job's stems: plan, fetch, response, part file, result.

Begin at `download`. Uses `transport`, `catalog`, `files`, `job_state`, `manifest` and `settings`.
"""
