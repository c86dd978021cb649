# `make demo` answers a question, `make test` checks everything; `make help` lists the rest.
.DEFAULT_GOAL := help
PYTHON_HERE := .venv/bin/python
QUESTION ?= Does Perseus cut the energy of a pipeline-parallel iteration without slowing it down?
WORKERS ?= 2
PYTEST_ARGS ?=

.PHONY: help setup dev demo check format test bench lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: ## the environment for using curie, in .venv
	@.ci/venv product

dev: ## the environment for changing curie, in .venv
	@.ci/venv dev

demo: setup ## answer one real question on a shipped system
	@.venv/bin/curie ask "$(QUESTION)" --yes

check: dev ## lint, format, types, layers
	$(PYTHON_HERE) -m ruff check .
	$(PYTHON_HERE) -m ruff format --check .
	$(PYTHON_HERE) -m mypy
	.venv/bin/lint-imports

format: dev ## mend what can be mended by a tool
	$(PYTHON_HERE) -m ruff check --fix .
	$(PYTHON_HERE) -m ruff format .

test: check ## check, and every test; CURIE_REQUIRE_DOCKER=1 makes a missing engine a failure
	$(PYTHON_HERE) -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

bench: dev ## what curie itself costs: overhead per trial, start, parallel use
	$(PYTHON_HERE) -m tests.performance

lock: ## write the lock files anew from pyproject.toml (needs uv)
	.ci/lock

clean: ## remove the environment and everything that tools left behind
	rm -rf .venv dist build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find curie sandboxes tests -name __pycache__ -type d -prune -exec rm -rf {} +
