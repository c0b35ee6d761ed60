"""What the contract tests are made of; the tests themselves stand beside this folder."""
