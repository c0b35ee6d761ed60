"""One job's life: its form, its creation, its states and events, and the search for it.

Begin at `jobs`. Uses `pricing`, `downloads`, `account`, `catalog`, `transport`, `files`,
`job_state` and `settings`.
"""
