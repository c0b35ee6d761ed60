"""Settings of a client: token, addresses, policies.

Begin at `client`. `token` alone puts the token in and hides it. Uses `core` and `errors`.
"""
