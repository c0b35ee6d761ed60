"""Pieces every room may use: flow, values, text, checks, enums.

It uses `errors` alone.
"""
