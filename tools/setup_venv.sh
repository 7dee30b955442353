#!/bin/sh
# Make the virtual environment VENV with PYTHON and install convlib from this clone into it.
# Whatever is missing is said in one sentence, with what to do about it.
set -eu
python=$1
venv=$2

fail() {
    echo "$1" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 || fail \
    "No Python here is called '$python': install Python 3.11 or newer, or name yours, as in 'make lab PYTHON=python3.12'."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
    "convlib needs Python 3.11 or newer and '$python' is $("$python" --version 2>&1): name a newer one, as in 'make lab PYTHON=python3.12'."
# Debian ships venv without ensurepip, which would break only half-way through.
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
    "'$python' cannot make virtual environments: install its venv module first (Debian and Ubuntu: sudo apt-get install python3-venv)."

echo "Setting up $venv; the first time takes a few minutes."
# What a reader added to the environment stays, unless it was made by another Python.
version='import sys; print(sys.version)'
if [ "$("$venv/bin/python" -c "$version" 2>/dev/null)" = "$("$python" -c "$version")" ]; then
    clear=
else
    clear=--clear
fi
"$python" -m venv $clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    -c constraints.txt -e ".[notebooks,test]" || fail \
    "The packages could not be installed into $venv: pip's message above says why; 'make' tries again."
# Its first import lists the fonts of the machine, and on a slow one warns that this takes a moment;
# in a notebook that warning would count as a difference.
"$venv/bin/python" -c 'import matplotlib.font_manager' 2>/dev/null
