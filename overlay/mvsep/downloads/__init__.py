"""Download of a job's stems: plan and result, fetch, transfer, response, part file.

Begin at `fetch`. Uses `transport`, `catalog`, `files`, `job_state`, `manifest`, `notebook` and
`settings`.
"""
