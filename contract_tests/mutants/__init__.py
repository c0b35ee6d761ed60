"""Do the contract tests see what goes wrong? Each mutant is one thing broken on purpose.

`python -m contract_tests.mutants` breaks a copy of the project in one place after the other, in
the contract, the generated client, the overlay and the fake server, and runs the contract tests
that should see it. A mutant that no test fails for is a hole in the tests.
"""
