# Everything goes into .venv/; nothing is needed but python3 (3.10 or newer) and make.

PYTHON ?= python3
TESTERS ?= 2
VENV := .venv
RUN := $(VENV)/bin
INSTALL = $(RUN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt
INPUTS := pyproject.toml constraints.txt

export Q  # handed to the shell through the environment, so no quote in a question can end it

.PHONY: help setup serve ask lint test

help:
	@echo 'make serve        open the chat page and print its address; PORT=8000 for another port'
	@echo 'make ask Q="…"    ask one question'
	@echo 'make setup        install what tests and development need'
	@echo 'make lint         ruff and mypy'
	@echo 'make test         lint, then all tests'

setup: $(VENV)/.development

serve: $(VENV)/.default
	@$(RUN)/dongxihu serve $${PORT:+--port "$$PORT"}

# A refusal (exit code 3) is an answer, not a failure of make.
ask: $(VENV)/.default
	@$(RUN)/dongxihu ask -- "$$Q" || [ $$? -eq 3 ]

lint: $(VENV)/.development
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

test: lint
	$(RUN)/pytest -n $(TESTERS) --dist loadfile

$(VENV)/.default: $(INPUTS) | $(RUN)/python
	@echo 'Installing into $(VENV)/ (once; about half a minute) …'
	@$(INSTALL) --no-compile -e .
	@touch $@

# The development install holds the default one, so both are then up to date.
$(VENV)/.development: $(INPUTS) | $(RUN)/python
	@echo 'Installing into $(VENV)/ what tests and development need (once; some minutes) …'
	@$(INSTALL) -e '.[models,dev]'
	@touch $@ $(VENV)/.default

$(RUN)/python:
	@$(PYTHON) -m venv $(VENV)
