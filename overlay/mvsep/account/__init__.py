"""The account: profile, login and switches.

It uses `transport`.
"""
