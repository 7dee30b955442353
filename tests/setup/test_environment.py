"""environment.yml asks conda for what pyproject.toml asks pip for, and Binder's less the tests."""

import re
import tomllib
from pathlib import Path

import yaml

from tools.versions import PYTHONS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEPENDENCIES = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
BINDER = yaml.safe_load((ROOT / "binder/environment.yml").read_text())

# What conda-forge does not have, and the clone itself.
(PIP,) = [entry["pip"] for entry in DEPENDENCIES if isinstance(entry, dict)]
# Packages that conda-forge names otherwise.
CONDA_NAMES = {"playwright": "playwright-python"}


def split(requirement):
    """Split 'numpy>=2.3' into its name and its lower bound."""
    name, bound = re.fullmatch(r"([A-Za-z0-9._-]+)(?:>=([0-9.]+))?", requirement).groups()
    return name, bound


def asked():
    """Everything that pip is asked for with all extras, the one that another names apart."""
    extras = PROJECT["optional-dependencies"]
    assert "convlib[tiles]" in extras["test"]
    named = [*PROJECT["dependencies"], *extras["notebooks"], *extras["tiles"], *extras["test"]]
    return [requirement for requirement in named if requirement != "convlib[tiles]"]


def test_environment_asks_for_the_same_packages_and_lower_bounds():
    bounds = dict(map(split, asked()))
    expected = {CONDA_NAMES.get(name, name): bound for name, bound in bounds.items()}
    expected |= {"python": PROJECT["requires-python"].removeprefix(">="), "pip": None}
    conda = dict(split(entry) for entry in DEPENDENCIES if isinstance(entry, str))
    assert conda | dict(map(split, PIP[:-1])) == expected


def test_binder_gets_the_same_without_the_tests():
    extras = PROJECT["optional-dependencies"]
    python, *packages = BINDER["dependencies"]
    needed = [*PROJECT["dependencies"], *extras["notebooks"], *extras["tiles"]]
    assert sorted(packages) == sorted({"pip", *needed})
    # It reads no bound of Python, only a version of two numbers.
    version = re.fullmatch(r"python=(\d+\.\d+)", python)[1]
    assert f"python{version}" in PYTHONS
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert BINDER["channels"] == conda["channels"]


def test_binder_installs_the_clone():
    script = ROOT / "binder/postBuild"
    assert script.read_text() == "#!/bin/sh\npython -m pip install --no-deps -e .\n"


def test_every_package_has_a_lower_bound():
    for requirement in asked():
        assert split(requirement)[1], f"{requirement} has no lower bound"


def test_convlib_itself_comes_from_the_clone():
    assert PIP[-1] == "-e ."
