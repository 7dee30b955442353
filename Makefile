# The Python that makes the virtual environment, python3 unless named; where that stands; and the
# port that `make lab` serves on.
PYTHON ?=
VENV ?= .venv
PORT ?= 8888
LABARGS ?=

BIN := "$(VENV)/bin"
SETUP := sh tools/setup_venv.sh "$(PYTHON)" "$(VENV)"
# Whoever is free takes the next test; of notebooks the next file, whose cells share a kernel.
TESTS := $(BIN)/python -m pytest -n auto --dist worksteal tests
NOTEBOOKS := $(BIN)/python -m pytest -n auto --dist loadfile --nbval notebooks

.DEFAULT_GOAL := help
.PHONY: help setup setup-lab lab test test-all notebooks check-lab site bench bench-quick lint clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Options: PYTHON=python3.12  PORT=8889  LABARGS=--no-browser"

setup:  ## Make the virtual environment, for tests too (the others do it when needed)
	@$(SETUP) notebooks,test

# For those who read: no tests, linters and browsers.
setup-lab:
	@$(SETUP) notebooks

lab:  ## Open the notebooks in JupyterLab
	@$(SETUP) notebooks 4
	@$(BIN)/python tools/open_lab.py $(PORT) $(if $(filter 0,$(shell id -u)),--allow-root) $(LABARGS)

test: setup  ## Run the tests but the wide ones, and each notebook against its stored outputs
	@status=0; \
	$(TESTS) -m "not wide" || status=1; \
	$(NOTEBOOKS) || status=1; \
	exit $$status

test-all: setup  ## Run the wide tests: with `make test`, that is everything
	$(TESTS) -m wide

notebooks: setup  ## Run the notebooks and store their outputs (MEASURE=1: timings too)
	$(BIN)/python tools/refresh_notebooks.py

check-lab: setup-lab  ## See that JupyterLab starts and finds every notebook
	$(BIN)/python tools/check_lab.py

site: setup  ## Write the static site into site/, to be opened without a server
	$(BIN)/python -m convlens.site

bench: setup-lab  ## Race convlib against PyTorch, OpenCV, SciPy, numba (under ten minutes)
	$(BIN)/python -m benchmarks

bench-quick: setup-lab  ## The same, rougher: fewer shapes and rounds (under a minute)
	$(BIN)/python -m benchmarks --quick

lint: setup  ## Check style and types
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

clean:  ## Remove the virtual environment and all caches
	[ ! -e "$(VENV)/pyvenv.cfg" ] || rm -rf "$(VENV)"
	rm -rf build dist site *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
