"""What the tests and the notebooks have in common: how pytest runs a notebook."""

pytest_plugins = ["tests.notebooks.swept"]
