# Baoxiu: every command a person or CI needs. `make` alone lists them.

BIN := .venv/bin
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo test ci lint format types licences messages docs screens bench bench-dispatch lock setup

help:
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo:     ## a company with a year of cases on this machine, nothing else needed
	@python3 tools/setup.py --runtime
	@$(BIN)/baoxiu demo

test:     ## all tests: SQLite, PostgreSQL if a server answers, Chromium if there is one
	@python3 tools/setup.py
	@$(BIN)/python tools/run_tests.py $(ARGS)

ci:       ## what CI does, here
	@bash .ci/run

setup:
	@python3 tools/setup.py

lint: setup      ## style and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "lint: run 'make format'"; exit 1; }

format: setup    ## rewrite to the house format
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

types: setup     ## strict types on sop, lib and cases
	@$(BIN)/mypy --no-error-summary

licences: setup  ## what we ship may be shipped
	@$(BIN)/python tools/licences.py

messages: setup  ## Chinese complete?
	@$(BIN)/python tools/messages.py check

docs: setup      ## the manual into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

screens: setup   ## pictures of the main screens into screens/
	@$(BIN)/python -m tools.screens

bench: setup     ## measurements, see bench/
	@$(BIN)/python -m bench

bench-dispatch: setup  ## the planner against published results, 15 minutes
	@$(BIN)/python -m bench.dispatch

lock: setup      ## renew every lock; commit the result
	$(UV) --upgrade requirements/uv.in -o requirements/uv.txt
	$(UV) --upgrade pyproject.toml --extra postgres --extra chat --extra redis --group build -o requirements/runtime.txt
	$(UV) --upgrade pyproject.toml --extra postgres --extra chat --extra redis --group dev -c requirements/runtime.txt -o requirements/dev.txt
	$(UV) --upgrade requirements/assets.in -o requirements/assets.txt
	cd frontend && npm install --package-lock-only --ignore-scripts --no-audit --no-fund
	$(BIN)/python tools/lock_clean.py
