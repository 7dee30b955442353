"""The two packages: which part may import which, what an import loads, how much is to be read."""

import ast
import doctest
import importlib
import io
import subprocess
import sys
import tokenize
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import convlens
import convlib
from tests.needs import need_module

ROOT = Path(convlib.__file__).resolve().parents[1]
FILES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for package in ("convlib", "convlens")
    for file in sorted((ROOT / package).rglob("*.py"))
}
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in FILES.items()}

#: Every room, from the ground up, and all that it may import: what stands above it, never below.
#: A room is a file beside `__init__.py`, or a folder.
ARROWS = {
    "convlib.arguments": "",
    "convlib.command": "",
    "convlib.later": "",
    "convlib.geometry": "arguments",
    "convlib.exact": "arguments",
    "convlib.loops": "geometry",
    "convlib.index_grid": "arguments geometry",
    "convlib.strided": "arguments geometry",
    "convlib.operands": "arguments geometry exact",
    "convlib.fast": "arguments later geometry exact index_grid strided operands",
    "convlib.slips": "arguments geometry exact operands fast",
    "convlib.convolution": "arguments geometry loops index_grid strided operands fast slips",
    "convlib.adjoint": "arguments geometry exact index_grid strided operands fast",
    "convlib.pooling": "arguments geometry exact strided adjoint",
    "convlib.receptive": "arguments geometry",
    "convlib.frames": "arguments geometry index_grid strided operands convolution",
    "convlib.tiles": "arguments command later geometry exact operands fast slips convolution"
    " pooling receptive",
    "convlib": "later geometry loops index_grid strided convolution adjoint fast frames pooling"
    " receptive tiles",
    "convlens.words": "",
    "convlens.needs": "",
    "convlens.recorder": "",
    "convlens.remembered": "",
    "convlens.palette": "",
    "convlens.methods": "palette",
    "convlens.facts": "palette | convlib arguments geometry strided frames adjoint receptive",
    "convlens.picture": "words needs palette",
    "convlens.scenes": "words palette methods facts picture | convlib arguments geometry index_grid"
    " frames receptive tiles",
    "convlens.draw": "words needs palette methods facts picture scenes | convlib arguments geometry"
    " frames pooling",
    "convlens.movies": "picture | convlib arguments",
    "convlens.explore": "needs recorder palette facts picture scenes movies | convlib arguments"
    " geometry strided operands frames",
    "convlens.terminal": "needs palette picture scenes | convlib arguments convolution index_grid"
    " strided frames",
    "convlens.check": "palette picture | convlib arguments geometry index_grid strided operands"
    " convolution adjoint pooling",
    "convlens.questions": "needs recorder remembered | convlib arguments",
    "convlens": "check draw explore facts movies questions terminal | convlib later",
    "convlens.__main__": "explore movies terminal | convlib arguments command",
    "convlens.site": "recorder | convlib command",
}

#: What is imported from elsewhere, and by whom. Only NumPy comes with `import convlib`.
ELSEWHERE = {
    "numpy": "convlib convlens",
    "scipy": "convlib.fast.fft",
    "matplotlib": "convlens.draw convlens.picture",
    "PIL": "convlens.draw convlens.movies convlens.picture",
    "resvg_py": "convlens.picture",
    "anywidget": "convlens.explore convlens.questions",
    "traitlets": "convlens.explore convlens.questions",
    "IPython": "convlens.draw",
    "rich": "convlens.terminal",
    "sphinx": "convlens.site",
    "docutils": "convlens.site",
    "latex2mathml": "convlens.site",
    "nbformat": "convlens.site",
    "nbclient": "convlens.site",
    "tqdm": "convlens.site convlib.tiles",
    "dask": "convlib.tiles",
    "distributed": "convlib.tiles",
    "zarr": "convlib.tiles",
    "tifffile": "convlib.tiles",
}


def imported(tree):
    """Every module that a file names in an import, for types too and wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in FILES else node.module


def room(name):
    """The room that a module is in, or the package where it is one."""
    return ".".join(name.split(".")[:2])


def allowed(name):
    """The rooms that a room may import."""
    own, _, below = ARROWS[name].partition(" | ")
    package = name.split(".")[0]
    rooms = {f"{package}.{r}" for r in own.split()}
    if below:
        rooms |= {"convlib", *(f"convlib.{r}" for r in below.split()[1:])}
    return rooms


OURS = {
    name: {m for m in imported(tree) if m in FILES and m != name} for name, tree in TREES.items()
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_imports_what_its_room_may(name):
    others = {room(m) for m in OURS[name]} - {room(name)}
    assert others <= allowed(room(name))


def test_every_room_is_in_the_table_and_every_arrow_is_used():
    assert {room(name) for name in FILES} == set(ARROWS)
    for name in ARROWS:
        used = {room(m) for file in FILES if room(file) == name for m in OURS[file]} - {name}
        assert used | {"convlib"} == allowed(name) | {"convlib"}, name


def test_arrows_point_up_the_table_never_down():
    order = list(ARROWS)
    for name in order:
        assert allowed(name) <= set(order[: order.index(name)])


def test_no_file_needs_one_that_needs_it():
    # A package's own __init__ gathers its files, and they do not need it.
    graph = {
        name: {o for o in others if not name.startswith(f"{o}.")} for name, others in OURS.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("convlib")])
def test_what_computes_never_names_what_shows(name):
    text = FILES[name].read_text(encoding="utf-8")
    named = [line for line in text.splitlines() if "convlens" in line and "import" in line]
    assert not named
    strings = [n.value for n in ast.walk(TREES[name]) if isinstance(n, ast.Constant)]
    assert not [s for s in strings if isinstance(s, str) and s.startswith("convlens")]


@pytest.mark.parametrize("name", sorted(FILES))
def test_what_comes_from_elsewhere(name):
    tops = {m.split(".")[0] for m in imported(TREES[name])} - {"convlib", "convlens"}
    for top in tops - sys.stdlib_module_names:
        assert any(name == u or name.startswith(f"{u}.") for u in ELSEWHERE[top].split()), top


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_parameter_hides_an_import(name):
    imports = (n for n in ast.walk(TREES[name]) if isinstance(n, ast.Import | ast.ImportFrom))
    names = {(a.asname or a.name).split(".")[0] for node in imports for a in node.names}
    parameters = {node.arg for node in ast.walk(TREES[name]) if isinstance(node, ast.arg)}
    assert not parameters & names


def loaded(code):
    """What is loaded after some code, in an interpreter of its own."""
    code = f"import sys; {code}; print(*{{name.split('.')[0] for name in sys.modules}})"
    run = [sys.executable, "-c", code]
    return set(
        subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    )


def test_importing_the_package_loads_numpy_only():
    more = loaded("import convlib, numpy") - loaded("import numpy") - sys.stdlib_module_names
    assert {m for m in more if not m.startswith("__editable__")} == {"convlib"}


def test_whatever_is_convoluted_nothing_that_shows_is_loaded():
    code = "from convlib import *; conv2d([[1, 2]], [[3]])"
    assert not loaded(code) & {"convlens", "matplotlib", "ipywidgets", "IPython", "rich", "PIL"}


@pytest.mark.parametrize("package", [convlib, convlens])
def test_what_is_loaded_later_is_named_and_found(package):
    assert set(package.__all__) <= set(dir(package))
    for name in package.__all__:
        assert getattr(package, name) is not None
    assert len(package.__all__) == len(set(package.__all__))
    with pytest.raises(AttributeError, match="no attribute 'conv3d'"):
        _ = package.conv3d


@pytest.mark.parametrize("package", ["convlib", "convlens"])
def test_type_checkers_see_what_is_loaded_later(package):
    (block,) = (n for n in TREES[package].body if isinstance(n, ast.If))
    typed = {alias.name for node in block.body for alias in node.names}
    eager = {a.name for n in TREES[package].body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert typed | eager | {"__version__"} >= set(importlib.import_module(package).__all__)


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("from convlens import draw", "matplotlib"),
        ("import convlens.draw.panels", "matplotlib"),
        ("from convlens import explore", "anywidget"),
        ("from convlens import explore", "matplotlib"),
        ("from convlens import terminal; from convlib import Walk;"
         " terminal.render(Walk([[1, 2]], [[1]]).frame(0, 0))", "rich"),
    ],
)  # fmt: skip
def test_a_part_says_which_extra_brings_what_is_missing(code, missing):
    run = [sys.executable, "-c", f"import sys; sys.modules[{missing!r}] = None; {code}"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=False)
    said = done.stderr.splitlines()[-1]
    assert f"convlens needs {missing}" in said
    assert 'pip install -e ".[notebooks]"' in said


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


def test_the_mathematics_is_small():
    core = [
        "arguments",
        "geometry",
        "exact",
        "loops",
        "index_grid",
        "strided",
        "operands",
        "convolution",
    ]
    assert sum(code_lines(FILES[f"convlib.{name}"].read_text()) for name in core) <= 600
    ours = [name for name in FILES if name.startswith("convlib")]
    lines = {name: len(FILES[name].read_text(encoding="utf-8").splitlines()) for name in ours}
    # What a reader of the mathematics may leave out has limits of its own.
    apart = {"convlib.tiles": 1450, "convlib.slips": 560}
    of_room = {part: sum(n for name, n in lines.items() if room(name) == part) for part in apart}
    assert all(of_room[name] <= most for name, most in apart.items()), of_room
    assert sum(lines.values()) - sum(of_room.values()) <= 6100


def raised(tree):
    """Every raise of a file, with the innermost function that it stands in."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        node: function.name
        for function in functions  # from the outermost inward
        for node in ast.walk(function)
        if isinstance(node, ast.Raise)
    }


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("convlib.")])
def test_every_error_is_worded_by_refusal(name):
    inside = raised(TREES[name])
    assert len(inside) == sum(isinstance(node, ast.Raise) for node in ast.walk(TREES[name]))
    for node, function in inside.items():
        if node.exc is None:  # what was caught goes on as it was
            continue
        maker = node.exc.func.id
        # The others: a MemoryError, where the callers have enough_memory word it; and Python's own.
        others = [("reserve", "MemoryError"), ("load", "AttributeError")]
        assert maker == "refusal" or (function, maker) in others, node.lineno


#: Files of convlib in which nothing is to be tried out.
SILENT = (
    {"convlib", "convlib.adjoint", "convlib.fast", "convlib.pooling"}
    | {f"convlib.{name}" for name in ("operands", "fast.gradients", "fast.run", "tiles")}
    | {f"convlib.tiles.{name}" for name in ("stage", "stores", "saving")}
)


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith("__main__")])
def test_the_examples_in_the_docstrings_are_true(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("conv"):
            raise
        need_module(error.name)
    result = doctest.testmod(module)
    assert result.failed == 0
    if name.startswith("convlib") and name not in SILENT:
        assert result.attempted > 0
