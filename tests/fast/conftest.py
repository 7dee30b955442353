import pytest

from tests.fast.agree import CHOOSING


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """Forget counts and choices: a test may change the sizes of the blocks that they rest on."""
    caches = CHOOSING.count, CHOOSING.choose
    yield
    for cache in caches:
        cache.cache_clear()
