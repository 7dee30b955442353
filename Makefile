# The Python that makes the virtual environment, python3 unless named; where that stands; and the
# port that `make lab` serves on.
PYTHON ?=
VENV ?= .venv
PORT ?= 8888
LABARGS ?=

BIN := "$(VENV)/bin"
# Whoever is free takes the next test; of notebooks the next file, whose cells share a kernel.
TESTS := $(BIN)/python -m pytest -n auto --dist worksteal tests
NOTEBOOKS := $(BIN)/python -m pytest -n auto --dist loadfile --nbval notebooks

.DEFAULT_GOAL := help
.PHONY: help setup lab test test-all notebooks check-lab bench bench-quick lint clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Options: PYTHON=python3.12  PORT=8889  LABARGS=--no-browser"

setup:  ## Make the virtual environment (the others do it when needed)
	@sh tools/setup_venv.sh "$(PYTHON)" "$(VENV)"

lab: setup  ## Open the notebooks in JupyterLab
	@$(BIN)/python tools/check_port.py $(PORT)
	$(BIN)/python -m jupyterlab --port=$(PORT) --ServerApp.port_retries=0 \
		$(if $(filter 0,$(shell id -u)),--allow-root) $(LABARGS) notebooks/00_start_here.ipynb

test: setup  ## Run the tests but the wide ones, and each notebook against its stored outputs
	@status=0; \
	$(TESTS) -m "not wide" || status=1; \
	$(NOTEBOOKS) || status=1; \
	exit $$status

test-all: setup  ## Run the wide tests: with `make test`, that is everything
	$(TESTS) -m wide

notebooks: setup  ## Run the notebooks and store their outputs (MEASURE=1: timings too)
	$(BIN)/python tools/refresh_notebooks.py

check-lab: setup  ## See that JupyterLab starts and finds every notebook
	$(BIN)/python tools/check_lab.py

bench: setup  ## Race convlib against PyTorch, OpenCV, SciPy, numba (under ten minutes)
	$(BIN)/python -m benchmarks

bench-quick: setup  ## The same, rougher: fewer shapes and rounds (under a minute)
	$(BIN)/python -m benchmarks --quick

lint: setup  ## Check style and types
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

clean:  ## Remove the virtual environment and all caches
	[ ! -e "$(VENV)/pyvenv.cfg" ] || rm -rf "$(VENV)"
	rm -rf build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
