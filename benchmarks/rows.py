"""What is asked of the times: the rows of the table, with target and moonshot."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.races import CONVLIB, DEPTHWISE, IM2COL, LAYERS, MATMUL, PYTORCH

__all__ = ["ROWS", "Goal", "Row"]


@dataclass(frozen=True)
class Goal:
    """What a ratio is to reach: the geometric mean of the shapes, and each of them."""

    mean: float | None = None
    least: float | None = None

    def met(self, mean: float, least: float) -> bool:
        """Whether these ratios reach it."""
        return mean >= (self.mean or 0) and least >= (self.least or 0)

    @property
    def words(self) -> str:
        """Write the goal for a table."""
        parts = [] if self.mean is None else [f"{self.mean:g}"]
        parts += [] if self.least is None else [f"none below {self.least:g}"]
        return ", ".join(parts) or "-"


@dataclass(frozen=True)
class Row:
    """One row: how many times faster the best of `ours` is than the best of `peers`.

    Attributes
    ----------
    key, work, against : str
    races : tuple of str
        Keys of the races it is read from; several shapes make a geometric mean and a least.
    ours, peers : tuple of str
        Names of contestants; of each side, the one with the lowest median counts.
    target, moonshot : Goal
    """

    key: str
    work: str
    against: str
    races: tuple[str, ...]
    ours: tuple[str, ...]
    peers: tuple[str, ...]
    target: Goal = Goal()
    moonshot: Goal = Goal()


def _goals(target: float, moonshot: float) -> tuple[Goal, Goal]:
    return Goal(target), Goal(moonshot)


_NCHW = ("convlib NCHW",)
_GREY = "512x512 grey, {0}x{0}, one filter"
_WIDTHS = tuple(c for c, _ in LAYERS)
_BATCHES = tuple((c, n) for n in (1, 8) for c in _WIDTHS)


def _grey(k: int, who: str, target: float, moonshot: float) -> Row:
    peers = ("PyTorch NCHW",) if who == "PyTorch" else (who,)
    words = {"OpenCV": "OpenCV filter2D", "tensordot": "tensordot on the strided view"}
    words |= {"index grid": "the index grid as first derived"}
    goals = _goals(target, moonshot)
    against = words.get(who, who)
    return Row(f"grey {k} {who}", _GREY.format(k), against, (f"grey {k}",), _NCHW, peers, *goals)


def _same(k: int) -> Row:
    work = _GREY.format(k) + ", output as large as the image"
    races = (f"grey {k} same",)
    return Row(f"grey {k} same", work, "OpenCV filter2D", races, _NCHW, ("OpenCV",))


def _torch(key: str, work: str, races: tuple[str, ...], target: Goal, moonshot: Goal) -> Row:
    return Row(key, work, "PyTorch", races, CONVLIB, PYTORCH, target, moonshot)


def _matmul(
    key: str, work: str, races: tuple[str, ...], target: float, ours: tuple[str, ...]
) -> Row:
    against = "np.matmul, operands ready"
    return Row(key, work, against, races, ours, MATMUL, *_goals(target, 1.0))


def _gradient(kind: str, target: float, moonshot: float) -> Row:
    races = tuple(f"{kind} {c} batch {n}" for c, n in _BATCHES)
    work = f"{kind} of the 3x3 layers, batch 1 and 8"
    return _torch(kind, work, races, *_goals(target, moonshot))


def _tiny(n: int, target: float, moonshot: float, *, plain: bool = False) -> Row:
    work = f"5x5x3 images, one 3x3x3 kernel, batch {n}, {'not ' * plain}prepared"
    key = f"tiny {n} plain" if plain else f"tiny {n}"
    return _torch(key, work, (key,), *_goals(target, moonshot))


_POINTS = tuple(f"1x1 {c}" for c in _WIDTHS)
_LAYERS = tuple(f"layer {c} batch {n}" for c, n in _BATCHES)
_ON_TWO = tuple(f"layer {c} batch 8 on two" for c in _WIDTHS)
_DTYPES = tuple(f"{d} {i}" for d in ("float64", "int64", "uint8") for i in range(4))

ROWS = (
    _grey(3, "index grid", 60, 80),
    _grey(3, "tensordot", 12, 14),
    _grey(3, "PyTorch", 2.2, 2.8),
    _grey(3, "OpenCV", 0.45, 0.7),
    _grey(15, "PyTorch", 3, 4),
    _grey(15, "OpenCV", 1.3, 2),
    _grey(31, "PyTorch", 10, 13),
    _grey(31, "OpenCV", 1.5, 2),
    *(_same(k) for k in (3, 15, 31)),
    _torch(
        "layers",
        "3x3 layers, 64 to 512 channels, batch 1 and 8, prepared",
        _LAYERS,
        Goal(1.05, 0.9),
        Goal(1.2, 1.0),
    ),
    _torch("layers on two", "the same, batch 8, two threads", _ON_TWO, *_goals(1.0, 1.15)),
    _torch("rgb 16", "RGB to 16 filters 3x3, 512x512", ("rgb 16",), *_goals(0.65, 0.9)),
    _torch("rgb 1", "RGB to 1 filter 3x3, 512x512", ("rgb 1",), *_goals(1.8, 2.2)),
    _torch("first layer", "7x7, stride 2, 3 to 64, 224x224", ("first layer",), *_goals(0.7, 0.9)),
    _torch(
        "depthwise",
        "depthwise 3x3, 32 to 256 channels",
        tuple(f"depthwise {c}" for c, _ in DEPTHWISE),
        *_goals(0.28, 0.5),
    ),
    _matmul("1x1", "1x1, 64 to 512 channels, prepared", _POINTS, 0.95, CONVLIB),
    _matmul("im2col", "im2col on the 3x3 layers, prepared", _LAYERS, 0.8, IM2COL),
    _tiny(1, 1.2, 1.6),
    _tiny(32, 8, 12),
    _tiny(1024, 5, 8),
    _tiny(1, 0.4, 0.6, plain=True),
    _tiny(32, 3, 5, plain=True),
    _tiny(1024, 4, 6, plain=True),
    _gradient("dx", 1.0, 1.2),
    _gradient("dw", 0.8, 1.1),
    Row(
        "dtypes",
        "float64, int64, uint8, 12 shapes",
        'method="strided"',
        _DTYPES,
        _NCHW,
        ("strided",),
        Goal(least=0.95),  # never slower; a few percent are the noise of two equal contestants
        Goal(least=0.95),
    ),
)
