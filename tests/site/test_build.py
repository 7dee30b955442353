"""What becomes of a source: a page, or an error."""

import html
import re
import tomllib

import nbformat
import pytest

from tests.needs import need_module

need_module("furo")
need_module("myst_nb")

from convlens.site import links  # noqa: E402
from convlens.site.build import build, run  # noqa: E402
from convlens.site.source import landing  # noqa: E402


def page(folder, text, **notebooks):
    """Build a site of one Markdown text and some notebooks; return its pages."""
    source = folder / "source"
    source.mkdir()
    names = "\n".join(notebooks)
    (source / "index.md").write_text(f"# A page\n\n{text}\n\n```{{toctree}}\n{names}\n```\n")
    (source / "notebooks").mkdir()
    for name, cells in notebooks.items():
        made = nbformat.v4.new_notebook(cells=cells)
        made.metadata.language_info = {"name": "python", "pygments_lexer": "ipython3"}
        nbformat.write(made, source / f"{name}.ipynb")
    run(source, folder / "pages", folder / "doctrees")
    return {path.stem: path.read_text() for path in (folder / "pages").rglob("*.html")}


@pytest.mark.parametrize(
    "text",
    [
        r"$\frobnicate x$",
        r"$$\begin{aligned} a &= b \end{aligned}$$",
        r"$$\frac$$",
        "[a page](nowhere.ipynb)",
        "![a picture](nowhere.png)",
        "[a section](#nowhere)",
    ],
)
def test_what_cannot_be_shown_is_an_error(tmp_path, text, capsys):
    with pytest.raises(RuntimeError, match="Sphinx"):
        page(tmp_path, text)
    assert "index.md:3" in capsys.readouterr().err


def test_formulas_are_drawn_by_the_browser(tmp_path):
    shown = page(tmp_path, r"With $P_0$ taps: $$\underbrace{a + b}_{\text{start}}$$")["index"]
    assert "<msub><mi>P</mi><mn>0</mn></msub>" in shown
    assert shown.count("<math") == 2
    assert "MathJax" not in shown


@pytest.mark.parametrize("address", [None, "https://example.org/repository"])
def test_links_to_other_files_lead_to_the_repository_if_it_has_an_address(
    tmp_path, monkeypatch, address
):
    monkeypatch.setattr(links, "repository", lambda: address)
    shown = page(tmp_path, "See [how](CONTRIBUTING.md#add-a-check) and [why](README.md).")["index"]
    said = re.search(r"<p>See.*</p>", shown)[0]
    assert re.sub(r"<[^>]+>", "", said) == "See how and why."
    assert said.count("<a ") == (2 if address else 0)
    if address:
        assert f'href="{address}/blob/HEAD/README.md"' in said


@pytest.mark.parametrize("address", [None, "https://example.org/a/b", "https://github.com/a/b"])
def test_a_notebook_says_where_it_can_be_run_if_it_is_on_github(tmp_path, monkeypatch, address):
    monkeypatch.setattr(links, "repository", lambda: address)
    cells = [nbformat.v4.new_markdown_cell("# Slide\n\nText."), nbformat.v4.new_code_cell("1 + 1")]
    shown = page(tmp_path, "Text.", **{"notebooks/01_slide": cells})
    assert "Colab" not in shown["index"]
    lent = re.findall(r"<h1>Slide.*?</h1>\s*<p>(Run it .*?)</p>", shown["01_slide"])
    assert len(lent) == shown["01_slide"].count("Colab") == (address == "https://github.com/a/b")
    if lent:
        binder, colab = re.findall(r'href="([^"]+)"', lent[0])
        assert binder.endswith("/gh/a/b/HEAD?urlpath=lab/tree/notebooks/01_slide.ipynb")
        assert colab.endswith("/github/a/b/blob/HEAD/notebooks/01_slide.ipynb")
        install = html.unescape(re.sub("<[^>]+>", "", re.search("<code.*</code>", lent[0])[0]))
        assert install == links.INSTALL.format(address=address)


def test_what_is_installed_where_a_machine_is_lent_is_what_the_notebooks_need():
    extras = tomllib.loads((links.ROOT / "pyproject.toml").read_text())["project"]
    named = {re.split("[>=]", need)[0] for need in extras["optional-dependencies"]["notebooks"]}
    *packages, convlib, at, _ = links.INSTALL.removeprefix("%pip install ").split()
    assert set(packages) < named
    assert (convlib, at) == ('"convlib[tiles]', "@")


def test_html_is_shown_in_place_of_a_picture_as_it_is(tmp_path):
    live = '<div id="live"><script type="module">if (1 < 2) "&amp;";</script></div>'
    data = {"text/html": live, "image/png": "iVBORw0KGgo=", "text/plain": "said"}
    output = nbformat.v4.new_output("display_data", data)
    cells = [
        nbformat.v4.new_markdown_cell("# Live"),
        nbformat.v4.new_code_cell("show", outputs=[output]),
        nbformat.v4.new_markdown_cell(
            "<details>\n<summary>Why</summary>\n\n```python\nx = 1  # so\n```\n\n</details>"
        ),
    ]
    shown = page(tmp_path, "Text.", live=cells)["live"]
    assert live in shown
    assert "<img" not in shown
    folded = shown[shown.index("<details>") : shown.index("</details>")]
    assert '<span class="c1"># so</span>' in folded


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years")
    with pytest.raises(ValueError, match="is no site"):
        build(tmp_path)
    with pytest.raises(ValueError, match="no notebook 77"):
        build(tmp_path / "site", ["77"])
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_the_landing_page_ends_where_the_course_notes_begin():
    shown = landing({}, {"convlib": "It computes."})
    assert "## Two commands" in shown
    assert "Teaching" not in shown
    assert "| [convlib](api/convlib.rst) | It computes. |" in shown
