"""The machine and its libraries, and the environment in which their threads are pinned."""

from __future__ import annotations

import importlib
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LIBRARIES", "line", "machine", "others", "pinned", "version", "work_so_far"]

#: Module and name of everything whose version matters.
LIBRARIES = {
    "numpy": "NumPy",
    "scipy": "SciPy",
    "torch": "PyTorch",
    "cv2": "OpenCV",
    "numba": "numba",
}


def pinned(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a child that is to measure.

    Libraries read the number of their threads when they are loaded, so it is set before Python
    starts. Every OPENBLAS_* setting is dropped: some machines carry OPENBLAS_CORETYPE, which makes
    NumPy's BLAS use the kernels of another processor. Measured on one such machine: 117 GF/s with
    OPENBLAS_CORETYPE=Haswell, 215 without.
    """
    kept = {name: value for name, value in environment.items() if not name.startswith("OPENBLAS_")}
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return kept | dict.fromkeys(threads, "1")


def version(module: str) -> str | None:
    """Return the version of a library, or None where it cannot be imported."""
    try:
        return str(importlib.import_module(module).__version__)
    except ImportError:
        return None


def machine() -> dict[str, object]:
    """Describe processor, Python and libraries; nothing that tells whose machine it is."""
    return {
        "processor": _processor(),
        "caches": _caches(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "blas": _blas(),
        "libraries": {name: version(module) for module, name in LIBRARIES.items()},
    }


def line(described: Mapping[str, object]) -> str:
    """Write the description as one line."""
    libraries = described["libraries"]
    assert isinstance(libraries, dict)
    versions = [f"{name} {number or 'missing'}" for name, number in libraries.items()]
    parts = [
        str(described["processor"]),
        str(described["caches"]),
        f"{described['cores']} cores",
        f"Python {described['python']}",
        *versions,
        f"NumPy's BLAS runs {described['blas']}",
    ]
    return ", ".join(parts)


def work_so_far() -> tuple[float, float] | None:
    """Seconds that all cores have worked: for everybody, and for this process with its children."""
    try:
        jiffies = [int(n) for n in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    except OSError:  # a system without it
        return None
    user, nice, system, _idle, _waiting, *interrupts = jiffies[:8]
    mine = os.times()
    everybody = (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")
    return everybody, mine.user + mine.system + mine.children_user + mine.children_system


def others(
    before: tuple[float, float] | None, after: tuple[float, float] | None, seconds: float
) -> float | None:
    """Say how many cores others kept busy meanwhile, on average; None where it is not known.

    >>> others((100.0, 1.0), (140.0, 21.0), 40.0)
    0.5
    """
    if before is None or after is None:
        return None
    everybody, mine = (b - a for a, b in zip(before, after, strict=True))
    return max(everybody - mine, 0.0) / seconds


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:  # a system without it
        return platform.processor() or "unknown processor"
    names = [text.partition(":")[2].strip() for text in lines if text.startswith("model name")]
    return names[0] if names else platform.machine()


def _caches() -> str:
    """Caches of the first core, such as "L1d 48K, L2 1024K"."""
    found = []
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        try:
            level, kind, size = ((index / n).read_text().strip() for n in ("level", "type", "size"))
        except OSError:
            continue
        if kind != "Instruction":
            found.append(f"L{level}{'d' if kind == 'Data' else ''} {size}")
    return ", ".join(found) or "caches unknown"


def _blas() -> str:
    """Name the kernels that NumPy's BLAS has chosen for this processor."""
    try:
        import numpy  # noqa: F401  (its BLAS must be loaded to be seen)
        import threadpoolctl
    except ImportError:
        return "unknown kernels"
    for library in threadpoolctl.threadpool_info():
        if library["user_api"] == "blas" and "numpy" in library["filepath"]:
            kernels = library.get("architecture", "unknown")
            return f"{library['internal_api']} {library['version']} with {kernels} kernels"
    return "unknown kernels"
