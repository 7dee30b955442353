# The Python that makes the virtual environment, and the port that `make lab` serves on.
PYTHON ?= python3
PORT ?= 8888
VENV ?= .venv
LABARGS ?=

BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
# One file goes to one worker: the cells of a notebook share a kernel.
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help setup lab test notebooks check-lab bench bench-quick lint clean FORCE

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Options: PYTHON=python3.12  PORT=8889  LABARGS=--no-browser"

# Asked by name for another Python than the one in use: set up again with that one.
ifneq ($(origin PYTHON),file)
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(PYTHON))
$(STAMP): FORCE
endif
endif

$(STAMP): pyproject.toml constraints.txt
	@sh tools/setup_venv.sh "$(PYTHON)" "$(VENV)"
	@echo "$(PYTHON)" > $@

setup: $(STAMP)  ## Make the virtual environment (the others do it when needed)

lab: $(STAMP)  ## Open the notebooks in JupyterLab
	@$(BIN)/python tools/check_port.py $(PORT)
	$(BIN)/python -m jupyterlab --port=$(PORT) --ServerApp.port_retries=0 \
		$(if $(filter 0,$(shell id -u)),--allow-root) $(LABARGS) notebooks/00_start_here.ipynb

test: $(STAMP)  ## Run all tests and compare every notebook with its stored outputs
	@status=0; \
	$(PYTEST) tests || status=1; \
	$(PYTEST) --nbval notebooks || status=1; \
	exit $$status

notebooks: $(STAMP)  ## Run the notebooks and store their outputs (MEASURE=1: timings too)
	$(BIN)/python tools/refresh_notebooks.py

check-lab: $(STAMP)  ## See that JupyterLab starts and finds every notebook
	$(BIN)/python tools/check_lab.py

bench: $(STAMP)  ## Race convlib against PyTorch, OpenCV, SciPy, numba (under ten minutes)
	$(BIN)/python -m benchmarks

bench-quick: $(STAMP)  ## The same, rougher: fewer shapes and rounds (under a minute)
	$(BIN)/python -m benchmarks --quick

lint: $(STAMP)  ## Check style and types
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy

clean:  ## Remove the virtual environment and all caches
	rm -rf $(VENV) build dist *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf
