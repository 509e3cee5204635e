# Everything sets itself up: python3 (with venv and pip), make and git are enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test check-demo bench soak pictures docs check lint types contracts tests format clean help

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: $(VENV)/.demo ## The live cockpit on the embedded fleet
	@$(BIN)/cockpit --demo

check-demo: $(VENV)/.demo ## One-shot check of the embedded fleet (exits 2: something is broken there)
	@$(BIN)/cockpit --demo --check

test: $(VENV)/.dev check ## Everything that CI checks

check: lint types contracts tests

lint: $(VENV)/.dev
	@echo '── format and lint'
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(VENV)/.dev
	@echo '── types'
	@$(BIN)/mypy

contracts: $(VENV)/.dev
	@echo '── import contracts'
	@$(BIN)/lint-imports

tests: $(VENV)/.dev
	@echo '── tests'
	@$(BIN)/pytest -n auto

bench: $(VENV)/.dev $(VENV)/.rival ## Measure, side by side with the alternatives
	@$(BIN)/python -m benchmarks --rival $(VENV)/rival/bin/harlequin

soak: $(VENV)/.dev ## Hundreds of polling cycles: what grows
	@$(BIN)/python -m benchmarks --only soak

pictures: $(VENV)/.demo ## Draw the pictures of the documentation anew
	@$(BIN)/python -m docs.pictures

docs: $(VENV)/.dev ## Bring the generated parts of the documentation up to date
	@$(BIN)/python -m docs.generate

format: $(VENV)/.dev ## Format and repair what can be repaired
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Remove what the targets made
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@echo '── making a virtual environment in $(VENV)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo '── installing the cockpit and its embedded fleet (once, about a minute)'
	@$(PIP) install --constraint constraints.txt --editable '.[demo]' | $(BIN)/python -c "$$SHOW"
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo '── installing the cockpit with everything its tests need (once, about a minute)'
	@$(PIP) install --constraint constraints.txt --editable '.[dev]' | $(BIN)/python -c "$$SHOW"
	@touch $(VENV)/.demo $@

# A program to compare with, away from ours: it wants other versions of what both use.
$(VENV)/.rival: | $(VENV)/bin/python
	@echo '── installing harlequin, to compare with (once)'
	@$(PYTHON) -m venv $(VENV)/rival
	@$(VENV)/rival/bin/python -m pip install --quiet --disable-pip-version-check harlequin==2.17.0
	@touch $@

# pip's own lines say which package it is at; only those, without the addresses.
define SHOW
import sys
for line in sys.stdin:
    if line.startswith(("Collecting ", "Installing ", "Successfully ", "  Building ")):
        print("   ", line.strip()[:110], flush=True)
endef
export SHOW
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
