"""The settings of a client: policies, token, addresses.

It uses `core` and `errors`.
"""
