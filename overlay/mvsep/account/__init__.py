"""The account: profile and login, and switches turned for a block.

Begin at `profile` and `switches`. Uses `transport` and `settings`.
"""
