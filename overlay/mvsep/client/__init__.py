"""The two clients: `sync` has `MVSep`, `aio` has `AsyncMVSep`, `base` has their shared part.

It uses every room below.
"""
