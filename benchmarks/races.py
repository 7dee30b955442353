"""Who runs against whom, over which work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import ours, peers, seeds
from benchmarks.timing import Contestant
from benchmarks.work import Operands, Work

__all__ = ["LAYERS", "MAKERS", "Race", "growing", "line_up", "races"]


@dataclass(frozen=True)
class Race:
    """One piece of work, and the names of those who do it.

    Attributes
    ----------
    key : str
        How rows refer to it.
    operands : Operands
    names : tuple of str
        Keys of `MAKERS`. Who is not installed, or cannot do the work, does not run.
    quick : bool
        Whether `make bench-quick` has it too.
    """

    key: str
    operands: Operands
    names: tuple[str, ...]
    quick: bool = False


def _grey(name: str, operands: Operands, function: Callable[..., object]) -> Contestant | None:
    """Let one of the seeds do it; they know neither padding nor channels."""
    if operands.work.padding or not operands.work.grey:
        return None
    x, w = operands.x[0, 0].copy(), operands.w[0, 0].copy()
    return Contestant(name, lambda: function(x, w))


Maker = Callable[[str, Operands], Contestant | None]

#: How to make a contestant of each name.
MAKERS: dict[str, Maker] = {
    "convlib NCHW": lambda name, o: ours.contestant(name, o, "NCHW"),
    "convlib NHWC": lambda name, o: ours.contestant(name, o, "NHWC"),
    "convlib NCHW, one thread": lambda name, o: ours.contestant(name, o, "NCHW", threads=1),
    "convlib NHWC, one thread": lambda name, o: ours.contestant(name, o, "NHWC", threads=1),
    "strided": lambda name, o: ours.contestant(name, o, "NCHW", "strided"),
    "im2col NCHW": lambda name, o: ours.contestant(name, o, "NCHW", "im2col"),
    "im2col NHWC": lambda name, o: ours.contestant(name, o, "NHWC", "im2col"),
    "index grid": lambda name, o: _grey(name, o, seeds.by_index_grid),
    "tensordot": lambda name, o: _grey(name, o, seeds.by_tensordot),
    "PyTorch NCHW": lambda name, o: peers.torch(name, o, channels_last=False),
    "PyTorch channels_last": lambda name, o: peers.torch(name, o, channels_last=True),
    "OpenCV": peers.opencv,
    "SciPy": peers.scipy,
    "numba": peers.compiled,
    "matmul, filters first": lambda name, o: peers.matmul(name, o, rows=False),
    "matmul, windows first": lambda name, o: peers.matmul(name, o, rows=True),
}

CONVLIB = ("convlib NCHW", "convlib NHWC")
PYTORCH = ("PyTorch NCHW", "PyTorch channels_last")
IM2COL = ("im2col NCHW", "im2col NHWC")
MATMUL = ("matmul, filters first", "matmul, windows first")
ONE_THREAD = ("convlib NCHW, one thread", "convlib NHWC, one thread")

#: Channels and size of the layers that most networks are made of.
LAYERS = ((64, 56), (128, 28), (256, 14), (512, 7))
DEPTHWISE = ((32, 112), (64, 56), (128, 28), (256, 14))


def line_up(race: Race) -> list[Contestant]:
    """Make the contestants of a race, those that are installed and can do the work."""
    absent = tuple(peers.missing())
    names = [name for name in race.names if not name.startswith(absent)]
    made = [MAKERS[name](name, race.operands) for name in names]
    return [one for one in made if one is not None]


def races() -> list[Race]:
    """List every race that some row of the table needs."""
    return [*_greys(), *_layers(), *_others(), *_gradients(), *_dtypes()]


def _greys() -> Iterator[Race]:
    everybody = ("convlib NCHW", "tensordot", "PyTorch NCHW", "OpenCV", "SciPy", "numba")
    for k in (3, 15, 31):
        names = everybody if k == 3 else tuple(n for n in everybody if n != "tensordot")
        work = Work(1, 512, 1, k, grey=True)
        seed = ("index grid",) if k == 3 else ()
        yield Race(f"grey {k}", Operands(work), (*names, *seed), quick=k < 31)
        same = Work(1, 512, 1, k, padding=k // 2, grey=True)
        yield Race(f"grey {k} same", Operands(same), ("convlib NCHW", "PyTorch NCHW", "OpenCV"))


def _layers() -> Iterator[Race]:
    for c, size in LAYERS:
        for n in (1, 8):
            operands = Operands(Work(c, size, c, 3, batch=n, padding=1), prepared=True)
            names = (*CONVLIB, *PYTORCH, *IM2COL, *MATMUL)
            yield Race(f"layer {c} batch {n}", operands, names, quick=n == 1)
        shared = Operands(Work(c, size, c, 3, batch=8, padding=1), prepared=True, threads=2)
        names = (*CONVLIB, *PYTORCH, *ONE_THREAD)
        yield Race(f"layer {c} batch 8 on two", shared, names, quick=c == 128)
        point = Operands(Work(c, size, c, 1), prepared=True)
        yield Race(f"1x1 {c}", point, (*CONVLIB, *PYTORCH, *MATMUL), quick=c in (64, 512))


def _others() -> Iterator[Race]:
    everybody = (*CONVLIB, *PYTORCH, "numba")
    yield Race("rgb 16", Operands(Work(3, 512, 16, 3)), everybody, quick=True)
    yield Race("rgb 1", Operands(Work(3, 512, 1, 3)), everybody, quick=True)
    first = Work(3, 224, 64, 7, stride=2, padding=3)
    yield Race("first layer", Operands(first), everybody, quick=True)
    for c, size in DEPTHWISE:
        work = Work(c, size, c, 3, padding=1, groups=c)
        yield Race(f"depthwise {c}", Operands(work), everybody, quick=c in (32, 256))
    for n in (1, 32, 1024):
        work = Work(3, 5, 1, 3, batch=n)
        yield Race(f"tiny {n}", Operands(work, prepared=True), everybody, quick=True)
        yield Race(f"tiny {n} plain", Operands(work), everybody, quick=True)


def _gradients() -> Iterator[Race]:
    for kind in ("dx", "dw"):
        for c, size in LAYERS:
            for n in (1, 8):
                work = Work(c, size, c, 3, batch=n, padding=1)
                key = f"{kind} {c} batch {n}"
                names = (*CONVLIB, *PYTORCH)
                yield Race(key, Operands(work, kind), names, quick=n == 1 and c in (64, 512))


def _dtypes() -> Iterator[Race]:
    shapes = (Work(1, 256, 1, 3), Work(3, 64, 8, 5), Work(16, 32, 16, 3, padding=1))
    shapes += (Work(32, 28, 32, 3, padding=1, groups=32),)
    for dtype in ("float64", "int64", "uint8"):
        for index, s in enumerate(shapes):
            sizes = {"padding": s.padding, "groups": s.groups, "dtype": dtype}
            work = Work(s.channels, s.size, s.filters, s.kernel, **sizes)
            names = ("convlib NCHW", "strided")
            yield Race(f"{dtype} {index}", Operands(work), names, quick=index == 2)


def growing(quick: bool) -> dict[str, list[tuple[int, Race]]]:
    """List the races in which one size grows: name of the size, and (size, race)."""
    grey = ("convlib NCHW", "strided", "PyTorch NCHW", "OpenCV", "SciPy", "numba")
    deep = ("convlib NCHW", "strided", "PyTorch NCHW", "numba")
    sizes = (64, 256, 1024) if quick else (64, 128, 256, 512, 1024)
    kernels = (3, 7, 15) if quick else (3, 5, 7, 11, 15, 21, 31)
    channels = (8, 32, 128) if quick else (8, 16, 32, 64, 128, 256)
    works = {
        "image size": [(s, Work(1, s, 1, 3, grey=True), grey) for s in sizes],
        "kernel size": [(k, Work(1, 256, 1, k, grey=True), grey) for k in kernels],
        "channels": [(c, Work(c, 28, c, 3, padding=1), deep) for c in channels],
    }
    return {
        name: [(at, Race(f"{name} {at}", Operands(work), names)) for at, work, names in several]
        for name, several in works.items()
    }
