"""The parts of the contract tests; the tests themselves are beside this folder."""
