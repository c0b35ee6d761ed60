"""Pieces that every room may use: flow, values and checks, text, enums, disk.

Begin at `flow`. Uses `errors` alone.
"""
