# One-liners over Python programs; the logic is in tools/ and noxfile.py, where it is tested.
PYTHON ?= python3
VENV := .venv/bin/python
DEMO_OUT ?= demo-stems

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## Separate the shipped song on a server of your own machine; no account, no network
	@$(PYTHON) tools/environment.py demo
	@$(VENV) -m tools.demo $(DEMO_OUT)

.PHONY: setup
setup: ## Set up everything that tests and regeneration need, in .venv and .venv-codegen
	@$(PYTHON) tools/environment.py dev
	@$(PYTHON) tools/environment.py codegen
	@$(VENV) -m tools.node

.PHONY: test
test: setup ## Run everything that can run offline
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy
	$(VENV) -m importlinter.cli lint
	$(VENV) -m tools.regenerate --check
	$(VENV) -m pytest

.PHONY: contract
contract: setup ## Run the contract tests only
	$(VENV) -m pytest contract_tests

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
	rm -rf .venv .venv-codegen .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis dist $(DEMO_OUT)
