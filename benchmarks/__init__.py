"""Measurements: `python -m benchmarks.<name>` prints what a document may quote."""
