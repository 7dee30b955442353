"""Images larger than memory: the same layers on dask arrays, tile by tile.

Our own part is the geometry: which part of the input each tile of the output needs. dask does the
rest, on whatever scheduler you have: threads, processes, or a cluster.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from convlib.arguments import refusal
from convlib.later import later

if TYPE_CHECKING:
    from convlib.tiles.lazy import apply, conv2d
    from convlib.tiles.planning import Plan, plan
    from convlib.tiles.saving import save
    from convlib.tiles.stores import open_image

__all__ = ["Plan", "apply", "conv2d", "open_image", "plan", "save"]

_load, __dir__ = later(
    "convlib.tiles",
    {
        "lazy": "apply conv2d",
        "planning": "Plan plan",
        "saving": "save",
        "stores": "open_image",
    },
)


def __getattr__(name: str) -> Any:
    for package in ("dask", "zarr", "tqdm"):
        if name in __all__ and importlib.util.find_spec(package) is None:
            wrong, change = f"convlib.tiles needs {package}", 'Use pip install -e ".[tiles]".'
            raise refusal(ModuleNotFoundError, wrong, change, {"missing": package})
    return _load(name)
