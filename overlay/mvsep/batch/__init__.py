"""Many songs: the queue, its workers and limits, and the outcome of each song.

Begin at `run`. Uses `journal`, `jobs`, `downloads`, `pricing`, `account`, `catalog`, `files`,
`job_state`, `settings` and `transport`.
"""
