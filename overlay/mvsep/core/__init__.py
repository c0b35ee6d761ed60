"""Pieces that every room may use: flow, values, text, checks, enums.

Begin at `flow`. Uses `errors` alone.
"""
