"""The account: profile, login, and switches turned for a block.

Begin at `login` and `switches`. Uses `transport` and `settings`.
"""
