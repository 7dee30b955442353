"""No test keeps the explorers of those before it."""

import pytest


@pytest.fixture(autouse=True)
def explorers_are_closed():
    """Forget the widgets: ipywidgets keeps them all, and a gigabyte of pictures with them."""
    yield
    from ipywidgets import Widget

    Widget.close_all()
