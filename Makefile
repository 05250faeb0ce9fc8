# The two commands of the README. Both set up what they need in .venv; nothing else on the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check live bench docs clean

demo: $(VENV)/.demo
	$(BIN)/translate demo

test: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest --cov --cov-report=term:skip-covered --cov-fail-under=85

# A real Ollama, if one is found on the PATH or named by TRANSLATOR_OLLAMA.
live: $(VENV)/.dev
	$(BIN)/pytest -m live -s --timeout 0 tests/live

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/.dev
	$(BIN)/python -m translator.cli.reference docs

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[demo]'
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) dist build .pytest_cache .ruff_cache .hypothesis
