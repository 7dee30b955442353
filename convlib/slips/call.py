"""A call of `conv2d` as it would be typed, and the sizes that would come of it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from convlib.arguments import as_array
from convlib.exact import result_type, working_type
from convlib.fast import METHODS
from convlib.fast.prepared import as_kernel
from convlib.operands import DEFAULTS, known_geometry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

    from convlib.geometry import Geometry

__all__ = ["Call", "stand_in", "typed"]

ARRAYS = ("x", "w", "bias")
PLAIN = (int, float, complex, str, tuple)  # a bias of these is shown as it is


@dataclass(frozen=True)
class Call:
    """What each argument is and the text that stands for it, and what is said about the call."""

    function: str
    texts: Mapping[str, str]
    values: Mapping[str, Any]
    says: str = ""
    comment: str = ""

    def but(self, says: str = "", comment: str = "", **expressions: str) -> Call:
        """Make arguments these expressions, in which {} stands for what the argument was."""
        texts, values = dict(self.texts), dict(self.values)
        for name, expression in expressions.items():
            text, value = texts.get(name, name), values.get(name)
            if "{}" in expression and not _has_own(value, expression):
                text, value = f"np.asarray({text})", np.asarray(value)
            texts[name] = expression.format(text)
            values[name] = eval(expression.format("value"), {"np": np, "value": value})
        return self._with(texts, values, says, comment)

    def without(self, *names: str, says: str = "") -> Call:
        """Leave arguments away."""
        texts = {name: text for name, text in self.texts.items() if name not in names}
        return self._with(texts, {name: self.values[name] for name in texts}, says, "")

    def _with(self, texts: dict[str, str], values: dict[str, Any], says: str, comment: str) -> Call:
        said = self.says if says in self.says else f"{self.says} {says}".strip()
        return Call(self.function, texts, values, said, comment or self.comment)

    def get(self, name: str) -> Any:
        """The value of an argument of `conv2d`, given or not."""
        return self.values.get(name, DEFAULTS.get(name))

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of one of the arrays, nothing of which is computed."""
        value = self.values[name]
        return tuple(value.shape) if hasattr(value, "shape") else np.shape(np.asarray(value))

    def geometry(self) -> Geometry | None:
        """Work out its sizes; None where the call would be refused."""
        known = {*ARRAYS, *DEFAULTS} | ({"tile"} if self.function == "tiles.conv2d" else set())
        if not {"x", "w"} <= self.values.keys() <= known:
            return None
        steps = {name: self.values[name] for name in DEFAULTS if name in self.values}
        bias = self.values.get("bias")
        try:
            x = as_array("x", stand_in(self.values["x"]))
            w = as_kernel(self.values["w"], self.get("layout")).w
            b = None if bias is None else as_array("bias", bias)
            g = known_geometry(x.shape, w, b, **steps)
            dtype = working_type(result_type(x, w, *([] if b is None else [b])))
        except (TypeError, ValueError):
            return None
        method = METHODS.get(self.get("method"))
        return None if method and method.refuses(g, dtype) else g

    def result(self) -> tuple[int, ...]:
        """The shape of what it returns."""
        g = self.geometry()
        assert g is not None
        n = (g.batch,) * (len(self.shape("x")) == 4)
        filters = (g.filters,) * (len(self.shape("w")) == 4)
        last = g.layout == "NHWC"
        return (*n, *g.output_size, *filters) if last else (*n, *filters, *g.output_size)

    def __str__(self) -> str:
        names = [name for name in ARRAYS if name in self.texts]
        listed = [self.texts[name] for name in names]
        named = [f"{name}={text}" for name, text in self.texts.items() if name not in ARRAYS]
        return f"{self.function}({', '.join(listed + named)})"


def typed(function: str, arguments: Mapping[str, Any], frame: FrameType | None) -> Call:
    """Write a call down: arrays by the names that they have where it was made, the rest as it is.

    >>> typed("conv2d", {"x": np.ones((2, 3)), "w": [[1]], "stride": np.int64(2)}, None).texts
    {'x': 'x', 'w': 'w', 'stride': '2'}
    """
    texts, values = {}, dict(arguments)
    for name, value in arguments.items():
        if name in ("x", "w") or (name == "bias" and not isinstance(value, PLAIN)):
            texts[name] = _name_of(value, name, frame)
        else:
            values[name] = value.tolist() if hasattr(value, "tolist") else value
            texts[name] = repr(values[name])
            ast.literal_eval(texts[name])  # an error, if it is nothing that can be typed
    return Call(function, texts, values)


def _name_of(value: Any, parameter: str, frame: FrameType | None) -> str:
    """Find the name of an array where the call was made; that of the parameter if it has none."""
    for scope in () if frame is None else (frame.f_locals, frame.f_globals):
        names = [n for n, v in scope.items() if v is value and not n.startswith("_")]
        if names:
            return parameter if parameter in names else names[0]
    return parameter


def _has_own(value: Any, expression: str) -> bool:
    """Whether an expression can be asked of a value as it is, and not of the array made of it."""
    method = expression.removeprefix("{}.").partition("(")[0]
    return hasattr(value, "__array_function__") or (
        expression.startswith("{}.") and method != "mean" and hasattr(value, method)
    )


def stand_in(x: Any) -> Any:
    """An array in place of one that is not in memory, of its shape and type."""
    lazy = getattr(x, "chunks", None)
    return np.broadcast_to(np.zeros((), x.dtype), x.shape) if lazy else x
