"""The static site: notebooks, a landing page and the reference, as pages that need no server.

``python -m convlens.site`` writes it, and so does ``make site``. `source` gathers what is shown,
`alive` has the last word on each notebook, and Sphinx makes pages of them by the `settings`. What
it does not have: `formulas`, `links`, `docstrings`, the style in ``look/``, and what `mend` adds.
"""
