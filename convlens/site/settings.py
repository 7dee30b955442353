"""How Sphinx makes the pages: what would be its conf.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from convlib import __version__

__all__ = ["SETTINGS"]

SETTINGS: dict[str, Any] = {
    "project": "convlib",
    "author": "the convlib authors",
    "version": __version__,
    "release": __version__,
    "extensions": [
        "myst_nb",
        "sphinx.ext.autodoc",
        "convlens.site.docstrings",
        "convlens.site.formulas",
        "convlens.site.links",
    ],
    # Notebooks are shown with the outputs that they are stored with.
    "nb_execution_mode": "off",
    "nb_merge_streams": True,
    "nb_mime_priority_overrides": [("html", "text/html", 0)],
    "myst_enable_extensions": ["dollarmath"],
    # The formulas of the notebooks.
    "html_math_renderer": "mathml",
    # Docstrings put code between single backticks; what the site describes becomes a link besides.
    "default_role": "py:obj",
    "autodoc_typehints": "none",  # the docstrings say more
    "autodoc_member_order": "alphabetical",
    "add_module_names": False,
    "toc_object_entries_show_parents": "hide",
    "html_theme": "furo",
    "html_title": "convlib",
    "html_static_path": [str(Path(__file__).with_name("look"))],
    "html_css_files": ["look.css"],
    "html_js_files": [("reach.js", {"defer": "defer"})],
    "html_scaled_image_link": False,
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_show_copyright": False,
    # Summaries would be fetched, which a page that was opened as a file may not.
    "html_show_search_summary": False,
    "html_domain_indices": False,
}
