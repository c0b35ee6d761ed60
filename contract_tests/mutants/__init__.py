"""Mutants: things broken on purpose, to test the contract tests.

`python -m contract_tests.mutants` breaks a copy of the project in one place after the other and
runs the contract tests that should see it. A mutant that no test fails for is a hole in the tests.
"""
