#!/bin/sh
# Make the virtual environment VENV with PYTHON and install convlib from this clone into it, with
# EXTRAS of pyproject.toml, unless that is done. Whatever is missing is said in one sentence, with
# what to do about it. `make lab` counts its STEPS: then what is there already is said too.
set -eu
asked=$1 # may be empty: then the Python that made VENV before, or else python3
venv=$2
extras=$3 # notebooks, or notebooks,test
steps=${4:-}
stamp=$venv/.ready

fail() {
    echo "$1" >&2
    exit 1
}

say() {
    echo "${steps:+$1/$steps }$2"
}

version() {
    "$1" -c 'import sys; print(sys.version)' 2>/dev/null
}

# What the environment was made from. Its scripts and the install hold absolute paths, so that a
# folder which was moved or copied is another one; a Python that was removed prints no version.
state() {
    echo "$1"
    pwd -P
    (cd "$venv" && pwd -P)
    version "$venv/bin/python"
    cksum pyproject.toml constraints.txt
}

# The last line of the stamp names the extras that are in.
stands=
python=$(head -n 1 "$stamp" 2>/dev/null) || python=
if [ "${asked:-$python}" = "$python" ] && [ "$(state "$python")" = "$(sed '$d' "$stamp")" ]; then
    stands=yes
    case $(tail -n 1 "$stamp"), in
        "$extras",*)
            [ -z "$steps" ] || say 1 "Virtual environment: already there, in $venv"
            [ -z "$steps" ] || say 2 "Packages: already there"
            exit
            ;;
    esac
fi 2>/dev/null

command -v "$python" >/dev/null 2>&1 || python=python3
python=${asked:-$python}
[ -w . ] || fail \
    "This folder cannot be written to, and setting up writes to it: copy it to one of your own, and run make there."
command -v "$python" >/dev/null 2>&1 || fail \
    "No Python here is called '$python': install Python 3.11 or newer, or name yours, as in 'make lab PYTHON=python3.12'."
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail \
    "convlib needs Python 3.11 or newer and '$python' is $("$python" --version 2>&1): name a newer one, as in 'make lab PYTHON=python3.12'."
# Debian ships venv without ensurepip, which would break only half-way through.
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
    "'$python' cannot make virtual environments: install its venv module first (Debian and Ubuntu: sudo apt-get install python3-venv)."
mkdir -p "$venv" 2>/dev/null && [ -w "$venv" ] || fail \
    "'$venv' cannot be made or written to: name another folder, as in 'make lab VENV=/tmp/convlib-venv'."
# It is cleared where it cannot be mended, so it must not be anything else.
[ -z "$(ls -A "$venv")" ] || [ -e "$venv/pyvenv.cfg" ] || fail \
    "'$venv' holds something else than a virtual environment: name another folder, as in 'make lab VENV=.venv'."

here=$(cd "$venv" && pwd -P)
if [ "$stands" ]; then
    [ -z "$steps" ] || say 1 "Virtual environment: already there, in $venv"
else
    say 1 "Virtual environment: $venv, with $("$python" --version 2>&1)"
    # What a reader added to the environment stays, unless it was made by another Python or elsewhere.
    clear=
    [ "$(version "$here/bin/python")" = "$(version "$python")" ] || clear=--clear
    case $(grep '^command = ' "$here/pyvenv.cfg" 2>/dev/null) in
        '' | *" $here") ;;
        *) clear=--clear ;;
    esac
    "$python" -m venv $clear "$here"
    # So that git leaves it alone, whatever its name; the venv of Python 3.13 does the same.
    echo '*' >"$here/.gitignore"
fi
case $extras in
    *test) say 2 "Packages: JupyterLab and what tests need; a few minutes, up to 240 MB to fetch, 1 GB on disk" ;;
    *) say 2 "Packages: JupyterLab, NumPy and more; a few minutes, up to 150 MB to fetch, 700 MB on disk" ;;
esac
"$here/bin/python" -m pip install --quiet --disable-pip-version-check \
    -c constraints.txt -e ".[$extras]" || fail \
    "The packages could not be installed into $venv: pip's message above says why; 'make' tries again."
# Its first import lists the fonts of the machine, and on a slow one warns that this takes a moment;
# in a notebook that warning would count as a difference.
"$here/bin/python" -c 'import matplotlib.font_manager' 2>/dev/null
{ state "$python" && echo "$extras"; } >"$stamp"
