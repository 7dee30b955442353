# Each command is one of tools/run.py, which does the same where there is no make. PYTHON makes the
# virtual environment, VENV is where that stands, PORT where `make lab` serves.
PYTHON ?=
VENV ?= .venv
PORT ?= 8888
LABARGS ?=
MINUTES ?= 10

# Any python3 can read it. PYTHON may be the only one there is.
READER := $(shell command -v python3 || command -v "$(PYTHON)")
COMMANDS := setup setup-lab lab test test-all notebooks check-lab site fuzz bench bench-quick lint clean
MORE_lab = --port "$(PORT)" $(LABARGS)
MORE_fuzz = --minutes "$(MINUTES)"

.PHONY: help $(COMMANDS)

help $(COMMANDS):
	$(if $(READER),,$(error No Python here: install Python 3.11 or newer, or name yours, as in 'make lab PYTHON=python3.12'))
	@"$(READER)" tools/run.py $@ --python "$(PYTHON)" --venv "$(VENV)" $(MORE_$@)
