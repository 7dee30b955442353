"""What holds for every test."""

import os

from hypothesis import settings

# A first call may compile, import or warm a cache: a deadline would fail at random.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

try:
    import matplotlib
except ImportError:
    pass
else:
    # MPLBACKEND would be inherited by kernels, whose figures would then not be shown.
    matplotlib.use("Agg")
