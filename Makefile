# Two commands do everything on a fresh machine: `make demo` and `make check`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
DEMO := examples/syria-2016

.PHONY: help setup demo check lint types floors test golden chaos bench lock clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make the virtual environment from the lock file

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup ## build the shipped case and say where its bulletin is
	$(BIN)/holdfire run --case $(DEMO) --period 2016-02-27/2016-03-05
	$(BIN)/holdfire run --case $(DEMO) --period 2016-09-12/2016-09-23

check: setup lint types floors test ## lint, types, floors and tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

floors: setup
	$(BIN)/lint-imports

test: setup
	$(BIN)/pytest -n 2 --dist worksteal

golden: setup ## write the golden tables anew; then read the diff
	HOLDFIRE_GOLDEN=1 $(BIN)/pytest tests/test_golden.py

chaos: setup ## break the record on purpose, half an hour; what each does: docs/do/break-it-yourself.md
	$(BIN)/holdfire chaos kill --n 1000
	$(BIN)/holdfire chaos kill --n 1000 --vault
	$(BIN)/holdfire chaos power --n 500
	$(BIN)/holdfire chaos power --n 500 --torn
	$(BIN)/holdfire chaos syscalls
	$(BIN)/holdfire chaos bitflip --n 1000
	$(BIN)/holdfire chaos redact --n 200
	HOLDFIRE_CHAOS_N=1000 $(BIN)/pytest tests/chaos -s

bench: setup ## measure speed and memory, as ratios in one run
	$(BIN)/python -m bench

lock: ## write the lock file anew, for every platform
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --generate-hashes --python-version 3.11 --no-header \
		--no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean: ## remove what make made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache $(DEMO)/.holdfire $(DEMO)/bulletins
