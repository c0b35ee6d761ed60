"""Download of a job's stems: plan, fetch, response, part file, result.

`download` is the way in. The room uses `transport`, `files` and `manifest`.
"""
