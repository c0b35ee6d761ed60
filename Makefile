# One-liners over Python programs; the logic is in tools/ and noxfile.py, where it is tested.
PYTHON ?= python3
VENV := .venv/bin/python
DEMO_OUT ?= demo-stems

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Separate the shipped song on a server of your own machine; no account needed
	@$(PYTHON) tools/environment.py demo
	@$(VENV) -m tools.demo "$(DEMO_OUT)"

.PHONY: setup
setup: ## Set up everything that tests and regeneration need, in .venv and .venv-codegen
	@$(PYTHON) tools/environment.py dev
	@$(PYTHON) tools/environment.py codegen
	@$(VENV) -m tools.node >/dev/null

.PHONY: test
test: setup ## Run everything that can run offline
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	.venv/bin/lint-imports
	$(VENV) -m tools.regenerate --check
	$(VENV) -m pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: contract
contract: setup ## Run the contract tests, with their report in reports/ and the rate of calls
	@$(VENV) -m contract_tests.run

.PHONY: mutants
mutants: setup ## Break contract, client, overlay and fake server one place at a time; is each break caught?
	@$(VENV) -m contract_tests.mutants
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: soak
soak: setup ## Kill a run at 200 random moments and count what was paid; SEED=n repeats one
	$(VENV) -m contract_tests.soak $(if $(SEED),--seed $(SEED))
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: live
live: setup ## With MVSEP_LIVE=1: does the contract hold at the service? RECORD=dir keeps the answers
	$(VENV) -m contract_tests.live --ledger reports/live.json $(if $(RECORD),--record "$(RECORD)")
	@$(VENV) -m contract_tests.harness.secrets

.PHONY: evidence
evidence: setup ## FROM=dir: turn kept answers into examples of the contract, marked captured
	$(VENV) -m tools.evidence "$(FROM)"

.PHONY: drift
drift: setup ## Compare with the official document, or UPSTREAM=file-or-url, or CATALOGUE=file-or-url
	@$(VENV) -m tools.drift $(if $(UPSTREAM),--upstream "$(UPSTREAM)") $(if $(CATALOGUE),--catalogue "$(CATALOGUE)")

.PHONY: adopt
adopt: setup ## UPSTREAM=file-or-url: write what is new there into the contract, as stubs
	$(VENV) -m tools.adopt $(if $(UPSTREAM),--upstream "$(UPSTREAM)")

.PHONY: refresh-catalogue
refresh-catalogue: setup ## Bring the live list of types, or FROM=file-or-url, into the catalogue
	$(VENV) -m tools.refresh $(if $(FROM),--from "$(FROM)") $(if $(CAPTURED),--captured "$(CAPTURED)")
	$(VENV) -m tools.regenerate

.PHONY: regenerate
regenerate: setup ## Generate generated/mvsep_api from the contract
	$(VENV) -m tools.regenerate

.PHONY: check-generated
check-generated: setup ## Fail, naming the files, when generated/ is not what the contract generates
	$(VENV) -m tools.regenerate --check

.PHONY: lock
lock: setup ## Resolve the dependencies anew into the lock files
	$(VENV) -m tools.lock

.PHONY: build
build: setup ## Build the wheel and the source distribution into dist/
	$(VENV) -m hatchling build

.PHONY: clean
clean: ## Remove what can be made again
	rm -rf .venv .venv-codegen .nox .mypy_cache .pytest_cache .ruff_cache .import_linter_cache \
		.hypothesis .schemathesis dist reports contract_tests/prism/node_modules "$(DEMO_OUT)"
