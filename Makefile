# One-liners over Python programs; the logic is in tools/ and contract_tests/, where it is tested.
PYTHON ?= python3
VENV := .venv/bin/python
DEMO_OUT ?= demo-stems

.DEFAULT_GOAL := help

# pytest rewrites its tests once, not at each start, where it may keep what it wrote.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Separate the shipped song on a local fake server; no account needed
	@$(PYTHON) tools/environment.py demo
	@$(VENV) -m tools.demo "$(DEMO_OUT)"

.PHONY: setup
setup: ## Install everything for tests and regeneration into .venv and .venv-codegen
	@$(PYTHON) tools/environment.py dev
	@$(PYTHON) tools/environment.py codegen
	@$(VENV) -m tools.node >/dev/null

.PHONY: test
test: setup ## Run every check that needs no network
	@$(VENV) -m tools.checks
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: contract
contract: setup ## Run the contract tests; write reports/contract.html; print calls per second
	@$(VENV) -m contract_tests.run

.PHONY: lowest
lowest: setup ## Run the tests with the lowest versions that pyproject.toml allows
	$(VENV) -m nox --session lowest

.PHONY: mutants
mutants: setup ## Break the code in one place after the other; fail if contract tests miss too many
	@$(VENV) -m contract_tests.mutants
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: soak
soak: setup ## Kill a run at 200 random moments and check the credits paid; SEED=n repeats one run
	$(VENV) -m contract_tests.soak $(if $(SEED),--seed $(SEED))
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: live
live: setup ## Check the contract against the service (MVSEP_LIVE=1); RECORD=dir keeps the answers
	$(VENV) -m contract_tests.live --ledger reports/live.json $(if $(RECORD),--record "$(RECORD)")
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: evidence
evidence: setup ## Turn the answers kept in FROM=dir into captured examples of the contract
	$(VENV) -m tools.evidence "$(FROM)"

.PHONY: drift
drift: setup ## Compare our contract with the official document; UPSTREAM= or CATALOGUE= name others
	@$(VENV) -m tools.drift $(if $(UPSTREAM),--upstream "$(UPSTREAM)") $(if $(CATALOGUE),--catalogue "$(CATALOGUE)")

.PHONY: adopt
adopt: setup ## Add what is new in the official document to the contract; UPSTREAM= names another
	$(VENV) -m tools.adopt $(if $(UPSTREAM),--upstream "$(UPSTREAM)")

.PHONY: refresh-catalogue
refresh-catalogue: setup ## Update the catalogue from the live list of types; FROM= names another list
	$(VENV) -m tools.refresh $(if $(FROM),--from "$(FROM)") $(if $(CAPTURED),--captured "$(CAPTURED)")
	$(VENV) -m tools.regenerate

.PHONY: regenerate
regenerate: setup ## Generate generated/mvsep_api from the contract
	$(VENV) -m tools.regenerate

.PHONY: check-generated
check-generated: setup ## Fail if generated/ differs from what the contract generates
	$(VENV) -m tools.regenerate --check

.PHONY: lint-contract
lint-contract: setup ## Hold the contract against the rules of Redocly and Spectral
	@$(VENV) -m tools.lint_contract

.PHONY: lock
lock: setup ## Resolve the dependencies anew and write the lock files
	$(VENV) -m tools.lock

.PHONY: census
census: setup ## Print the size of the code by folder and the reach of one call
	@$(VENV) -m tools.census

.PHONY: bench
bench: setup ## Compare speed and memory with other programs; writes reports/bench.svg and .json
	@$(VENV) -m benchmarks

.PHONY: bench-smoke
bench-smoke: setup ## Run each comparison once with the smallest sizes; look at no time
	@$(VENV) -m benchmarks --smoke

.PHONY: screens
screens: setup ## Draw the pictures of the terminal into docs/screens anew
	@$(VENV) -m tools.screens

.PHONY: build
build: setup ## Build the wheel and the source distribution into dist/
	$(VENV) -m hatchling build

.PHONY: clean
clean: ## Remove environments, caches, reports and builds
	rm -rf .venv .venv-codegen .nox .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		.hypothesis .schemathesis dist reports contract_tests/*/node_modules "$(DEMO_OUT)"
