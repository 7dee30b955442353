import sys

import pytest


@pytest.fixture(autouse=True)
def torch_goes_on_with_gradients():
    """The benchmark turns them off for its whole process, which the other tests share."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_grad_enabled(True)
