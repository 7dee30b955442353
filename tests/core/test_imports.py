"""What the core is made of: what it imports, how long it is, where its errors are worded."""

import ast
import doctest
import importlib
import io
import pkgutil
import subprocess
import sys
import tokenize
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import convlib
from tests.needs import need_module

PACKAGE = Path(convlib.__file__).parent
CORE = ["geometry", "exact", "loops", "index_grid", "strided", "convolution"]
BACK = [f"adjoint.{n}" for n in ("scatter", "gradients", "backward", "transpose", "folding")]
POOLS = ["pooling.windows", "pooling.forward", "pooling.backward", "receptive"]
REST = [*BACK, *POOLS]  # each after what it stands on
QUICK = sorted(f"fast.{file.stem}" for file in PACKAGE.glob("fast/*.py") if file.stem != "__init__")
FILES = {n: PACKAGE / f"{n.replace('.', '/')}.py" for n in [*CORE, "frames", *REST, *QUICK]}
TREES = {name: ast.parse(file.read_text()) for name, file in FILES.items()}


def imported(tree):
    """Every module that the file names in an import, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("name", CORE)
def test_the_core_imports_nothing_else_of_the_package(name):
    ours = {m for m in imported(TREES[name]) if m.split(".")[0] == "convlib"} - {"convlib"}
    core = {f"convlib.{other}" for other in CORE}
    others = {m for m in ours if not any(m == c or m.startswith(f"{c}.") for c in core)}
    # convlib.fast is to be imported only when one of its methods is asked for.
    assert not {m for m in others if not m.startswith("convlib.fast")}


@pytest.mark.parametrize("name", REST)
def test_the_way_back_and_the_poolings_import_the_core_and_what_comes_before_them(name):
    ours = {m for m in imported(TREES[name]) if m.split(".")[0] == "convlib"} - {"convlib"}
    before = [f"convlib.{other}" for other in [*CORE, *REST[: REST.index(name)]]]
    ours = {m for m in ours if not m.startswith("convlib.fast")}  # as in the core
    assert not {m for m in ours if not any(m == b or m.startswith(f"{b}.") for b in before)}


@pytest.mark.parametrize("name", QUICK)
def test_the_fast_methods_import_the_core_and_each_other(name):
    ours = {m for m in imported(TREES[name]) if m.split(".")[0] == "convlib"} - {"convlib"}
    known = [f"convlib.{other}" for other in [*CORE, *QUICK]]
    ours -= {"convlib.fast"}  # as in "from convlib.fast import taps", of which taps is looked at
    assert not {m for m in ours if not any(m == k or m.startswith(f"{k}.") for k in known)}


def test_no_fast_method_imports_what_stands_on_it():
    names = {f"convlib.{name}": name for name in QUICK}
    stands_on = {
        name: {names[m] for m in imported(TREES[name]) if m in names and names[m] != name}
        for name in QUICK
    }
    assert len(list(TopologicalSorter(stands_on).static_order())) == len(QUICK)


@pytest.mark.parametrize("name", QUICK)
def test_the_fast_methods_need_no_more_but_where_numpy_has_the_same(name):
    tree = TREES[name]
    tops = {module.split(".")[0] for module in imported(tree)}
    tried = [node for node in ast.walk(tree) if isinstance(node, ast.Try)]
    spared = {module for node in tried for module in imported(node)}
    allowed = {"convlib", "numpy", *sys.stdlib_module_names}
    assert tops - allowed == ({"scipy"} if name == "fast.fft" else set())
    assert spared == ({"scipy", "scipy.fft"} if name == "fast.fft" else set())


@pytest.mark.parametrize("name", [*CORE, *REST])
def test_they_need_numpy_and_the_standard_library_alone(name):
    tops = {module.split(".")[0] for module in imported(TREES[name])}
    assert tops <= {"convlib", "numpy", *sys.stdlib_module_names}


def test_data_walks_one_way_and_never_back_up():
    order = [*CORE, "frames"]
    for name, tree in ((name, TREES[name]) for name in order):
        above = {f"convlib.{later}" for later in order[order.index(name) :]}
        assert not above & set(imported(tree)), name


def test_importing_the_package_loads_numpy_only():
    code = "import sys, convlib; print(*{name.split('.')[0] for name in sys.modules})"
    run = [sys.executable, "-c", code]
    result = subprocess.run(run, capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    loaded = set(result.stdout.split())
    assert {"convlib", "numpy"} <= loaded
    unwanted = (
        "matplotlib scipy ipywidgets IPython rich tqdm torch PIL cv2 pandas hypothesis pytest"
    )
    assert not loaded & set(unwanted.split())


def code_lines(source):
    """Count lines that hold code: no blank lines, no comments, no docstrings."""
    docstrings = set()
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if documented and ast.get_docstring(node) is not None:
            docstrings |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in silent | {tokenize.ENDMARKER}:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings)


def test_code_lines_leave_out_what_is_not_code():
    assert code_lines('"""Doc.\n\nMore.\n"""\n\n# why\nx = 1  # here\ny = """a\nb"""\n') == 3


def test_the_core_can_be_read_in_an_evening():
    assert sum(code_lines((PACKAGE / f"{name}.py").read_text()) for name in CORE) <= 600


def raised(tree):
    """Every raise of a file, with the function that it stands in."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Raise):
                    yield function.name, node


@pytest.mark.parametrize("name", TREES)
def test_every_error_is_worded_by_refusal(name):
    for function, node in raised(TREES[name]):
        if node.exc is None:  # what was caught goes on as it was
            continue
        maker = node.exc.func.id
        # The one other is a MemoryError, in the place whose callers have enough_memory word it.
        assert maker == "refusal" or (function, maker) == ("reserve", "MemoryError"), node.lineno


def test_every_raise_stands_in_a_function():
    for name, tree in TREES.items():
        everywhere = sum(isinstance(node, ast.Raise) for node in ast.walk(tree))
        assert len(list(raised(tree))) == everywhere, name
    assert sum(len(list(raised(tree))) for tree in TREES.values()) > 15


MODULES = sorted(m.name for m in pkgutil.walk_packages(convlib.__path__, "convlib."))


@pytest.mark.parametrize("name", ["convlib", *MODULES])
def test_the_examples_in_the_docstrings_are_true(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name.startswith("convlib"):
            raise
        need_module(error.name)
    result = doctest.testmod(module)
    assert result.failed == 0
    if name.removeprefix("convlib.") in [*CORE, *REST, "frames", "palette"]:
        assert result.attempted > 0
