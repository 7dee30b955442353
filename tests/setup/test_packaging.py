"""What is installed, what is pinned, and what no file of the project may say."""

import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

import convlens
import convlib

ROOT = Path(__file__).resolve().parents[2]
WHOLE = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = WHOLE["project"]
PINS = [
    line
    for line in (ROOT / "constraints.txt").read_text().splitlines()
    if line and not line.startswith("#")
]

# Put together, so that this file does not hold what it looks for.
MACHINE = re.compile(
    r"(?<![\w.~/])/(?:" + "|".join(("home", "Users", "work", "root", "opt")) + ")/"
)
REGISTRY = re.compile(r"https?://[^\s/]*(?:pypi|pythonhosted|npmjs|anaconda|debian)", re.IGNORECASE)
INSTALL_BY_NAME = re.compile(r"(?:pip|uv|uvx|pipx)\s+(?:\w+\s+)*install\s+(?:-\S+\s+)*convlib\b")
# These show what is looked for, to test that it is found.
EXAMPLES = {"tests/notebooks/hygiene.py", "tests/notebooks/test_hygiene.py", Path(__file__).name}


def texts():
    """The project's own text files, as git sees them: committed, or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git clone")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            yield name, data.decode("utf-8")


def test_numpy_is_all_that_is_required():
    assert PROJECT["dependencies"] == ["numpy>=2.3"]


def test_package_is_typed_and_cannot_be_uploaded():
    assert (ROOT / "convlib" / "py.typed").is_file()
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]


def test_one_version_and_one_date_everywhere():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+) - (\S+)$", changes, re.MULTILINE).groups()
    assert newest == (cited["version"], cited["date-released"].isoformat())
    assert PROJECT["version"] == convlib.__version__ == convlens.__version__ == newest[0]


@pytest.mark.parametrize("package", ["convlib", "convlens"])
def test_the_wheel_takes_along_all_that_is_in_the_packages(package):
    folder, patterns = ROOT / package, WHOLE["tool"]["setuptools"]["package-data"][package]
    files = {
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not re.search(r"/(__pycache__/|\.)", path.relative_to(ROOT).as_posix())
    }
    code = {path for path in files if path.suffix == ".py"}
    assert {path for pattern in patterns for path in folder.glob(pattern)} == files - code
    assert all((path.parent / "__init__.py").exists() for path in code)


def test_the_sdist_takes_along_all_that_is_in_the_clone():
    lines = [line.split() for line in (ROOT / "MANIFEST.in").read_text().splitlines()]
    folders = {line[1] for line in lines if line[0] == "graft"} | {"convlib", "convlens"}
    (included,) = (line[1:] for line in lines if line[0] == "include")
    included += ["LICENSE", "MANIFEST.in"]  # without being asked
    for name, _ in texts():
        folder, inside, _ = name.partition("/")
        there = folder in folders if inside else any(fnmatch(name, each) for each in included)
        assert there, f"{name} is not in MANIFEST.in"


def test_constraints_are_pins_without_addresses():
    assert len(PINS) > 50
    for line in PINS:
        assert re.fullmatch(r"[a-z0-9._-]+==\S+(?: ; .+)?", line), line
    assert "://" not in (ROOT / "constraints.txt").read_text()


def test_constraints_cover_what_is_asked_for_and_no_torch():
    pinned = {re.split("==", line)[0] for line in PINS}
    extras = PROJECT["optional-dependencies"]
    asked = {*PROJECT["dependencies"], *extras["notebooks"], *extras["tiles"], *extras["test"]}
    assert {re.split(">=", requirement)[0] for requirement in asked - {"convlib[tiles]"}} <= pinned
    assert not {"torch", "opencv-python-headless", "convlib"} & pinned


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a path of one machine", MACHINE),
        ("a package registry", REGISTRY),
        ("an install by name, which fetches an unrelated project", INSTALL_BY_NAME),
    ],
    ids=["machine", "registry", "install"],
)
def test_no_file_names(what, pattern):
    files = list(texts())
    assert len(files) > 10
    found = [
        f"{name}: {line.strip()[:80]}"
        for name, text in files
        if name not in EXAMPLES and not name.endswith(Path(__file__).name)
        for line in text.splitlines()
        if pattern.search(line)
    ]
    assert not found, f"{what}:\n" + "\n".join(found)


NAMED = re.compile(r"(?:convlib|convlens|tests|tools|benchmarks|notebooks|docs)/[\w./]*\w")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_files_that_are_named_exist(page):
    named = set(NAMED.findall((ROOT / page).read_text(encoding="utf-8")))
    named -= {"notebooks/NN_verb_title.ipynb"}
    assert len(named) > 5
    assert not sorted(name for name in named if not (ROOT / name).exists())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE, "cd /" + "home/ada"),
        (REGISTRY, "https:" + "//mirror.pypi.example/simple"),
        (INSTALL_BY_NAME, "pip install -U " + "convlib"),
        (INSTALL_BY_NAME, "python -m pip install " + "convlib"),
    ],
)
def test_patterns_find_what_they_are_for(pattern, text):
    assert pattern.search(text)


def test_lines_end_alike():
    for name, text in texts():
        assert "\r" not in text, name
        assert not text or text.endswith("\n"), f"{name} does not end with a line end"
