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

__all__ = ["ARRAYS", "Call", "readable", "typed"]

ARRAYS = ("x", "w", "bias")


@dataclass(frozen=True)
class Call:
    """Every argument as the text that stands for it and its value; and what is to be said of it."""

    function: str
    arguments: Mapping[str, tuple[str, Any]]
    says: str = ""
    comment: str = ""

    def but(self, says: str = "", comment: str = "", **changes: str | None) -> Call:
        """Change arguments to expressions, in which {} is what they were; None leaves one away."""
        arguments = dict(self.arguments)
        for name, expression in changes.items():
            text, value = arguments.get(name, (name, None))
            if expression is None:
                arguments.pop(name, None)
                continue
            if "{}" in expression and not hasattr(value, "__array_function__"):
                text, value = f"np.asarray({text})", np.asarray(value)
            # The expression is ours, and of the reader's has at most literals.
            value = eval(expression.format("value"), {"np": np, "value": value})
            arguments[name] = expression.format(text), value
        said = self.says if says in self.says else f"{self.says} {says}".strip()
        comments = ", ".join(filter(None, (self.comment, comment)))
        return Call(self.function, arguments, said, comments)

    def get(self, name: str) -> Any:
        """The value of an argument, given or not."""
        return self.arguments[name][1] if name in self.arguments else DEFAULTS.get(name)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array, nothing of which is computed."""
        value = self.get(name)
        return tuple(value.shape if hasattr(value, "shape") else np.shape(np.asarray(value)))

    def geometry(self) -> Geometry | None:
        """Work out its sizes; None where the call would be refused."""
        own = {"tile"} if self.function == "tiles.conv2d" else set()
        if not {"x", "w"} <= self.arguments.keys() <= {*ARRAYS, *DEFAULTS, *own}:
            return None
        try:
            x, bias = readable("x", self.get("x")), self.get("bias")
            w = as_kernel(self.get("w"), self.get("layout")).w
            b = [] if bias is None else [as_array("bias", bias)]
            steps = {name: self.get(name) for name in DEFAULTS}
            g = known_geometry(x.shape, w, b[0] if b else None, **steps)
        except (TypeError, ValueError):
            return None
        method = METHODS.get(self.get("method"))
        return None if method and method.refuses(g, working_type(result_type(x, w, *b))) else g

    def result(self) -> str:
        """The shape of what it returns, for a call that has a geometry."""
        g = self.geometry()
        assert g is not None
        n = [g.batch] * (len(self.shape("x")) == 4)
        o, last = [g.filters] * (len(self.shape("w")) == 4), g.layout == "NHWC"
        return str((*n, *g.output_size, *o) if last else (*n, *o, *g.output_size))

    def __str__(self) -> str:
        named = [name for name in self.arguments if name not in ARRAYS]
        texts = [self.arguments[name][0] for name in ARRAYS if name in self.arguments]
        texts += [f"{name}={self.arguments[name][0]}" for name in named]
        return f"{self.function}({', '.join(texts)})"


def typed(function: str, arguments: Mapping[str, Any], frame: FrameType | None) -> Call:
    """Write a call down: arrays by the names that they have where it was made, the rest as it is.

    >>> print(typed("conv2d", {"x": np.ones((2, 3)), "w": [[1]], "stride": np.int64(2)}, None))
    conv2d(x, w, stride=2)
    """
    read: dict[str, tuple[str, Any]] = {}
    for name, value in arguments.items():
        if name in ("x", "w") or (name == "bias" and hasattr(value, "__array__")):
            read[name] = _name_of(value, name, frame), value
        else:
            plain = value.tolist() if hasattr(value, "tolist") else value
            ast.literal_eval(repr(plain))  # an error, for what nobody can have typed
            read[name] = repr(plain), plain
    return Call(function, read)


def _name_of(value: Any, parameter: str, frame: FrameType | None) -> str:
    """Find the name of an array where the call was made; that of the parameter if it has none."""
    for scope in () if frame is None else (frame.f_locals, frame.f_globals):
        names = [n for n, v in scope.items() if v is value and not n.startswith("_")]
        if names:
            return parameter if parameter in names else names[0]
    return parameter


def readable(name: str, value: Any) -> np.ndarray[Any, Any]:
    """Read an array; in place of one that is not in memory a stand-in of its shape and type."""
    if getattr(value, "chunks", None):
        value = np.broadcast_to(np.zeros((), value.dtype), value.shape)
    return as_array(name, value)
