"""Runs that are killed at random moments, and a count of what was paid for."""
