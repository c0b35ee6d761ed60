"""The two clients: `sync` has `MVSep`, `aio` has `AsyncMVSep`, `base` their shared part.

They hold no decisions: each method starts a flow of a room below. Uses every room below.
"""
