"""The way back by PyTorch: its autograd, conv_transpose2d, unfold and fold."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import Phase, given, settings

import convlib
from convlib import conv2d, conv2d_backward
from convlib.adjoint.gradients import INPUT_GRADIENTS
from tests.peers.adjoint_cases import STEP_TAGS, fold_calls, transposed_calls, unfold_calls
from tests.peers.cases import MODES, PADDINGS, TAGS, cases

EXAMPLES = 500  # of each of the three smaller functions
EACH = 24  # of each spelling of the padding with each mode
FEW = 2000  # products that the loops get through without being waited for


@dataclass(frozen=True)
class Function:
    """A function, the strategies of its cases, and how one case is compared."""

    name: str
    strategies: tuple[tuple[Any, int], ...]
    compare: Any
    tags: tuple[str, ...]


def by_autograd(case, grad):
    """The gradients of x, w and bias as given: autograd goes back through every transposition."""
    import torch
    from torch.nn import functional

    x, w = (torch.from_numpy(a.copy()).requires_grad_() for a in (case.x, case.w))
    bias = torch.zeros(len(case.filters), dtype=x.dtype, requires_grad=True)
    images, filters = x, w
    if case.arguments.get("layout") == "NHWC" and x.ndim > 2:
        images = x.movedim(-1, -3)
        filters = w.permute(3, 2, 0, 1) if w.ndim == 4 else w.permute(2, 0, 1)
    images = images.reshape(case.images.shape).contiguous()
    filters = filters.reshape(case.filters.shape).contiguous()
    (top, bottom), (left, right) = case.sides
    mode = "constant" if case.mode == "zeros" else case.mode
    images = functional.pad(images, (left, right, top, bottom), mode=mode)
    steps = {"stride": case.stride, "dilation": case.dilation, "groups": case.groups}
    y = functional.conv2d(images, filters, bias, **steps)
    y.backward(torch.from_numpy(np.ascontiguousarray(case.canonical(grad))))
    db = bias.grad if case.w.ndim == 4 else bias.grad[0]
    return x.grad.numpy(), w.grad.numpy(), db.numpy()


def compare_gradients(case):
    """Hold every method against autograd. All numbers are whole and small: no tolerance."""
    shape = conv2d(case.x, case.w, **case.arguments).shape
    grad = np.random.default_rng(0).integers(-9, 10, shape).astype(case.x.dtype)
    if grad.dtype.kind == "c":
        grad = grad * (2 - 3j)
    wanted = by_autograd(case, grad)
    small = grad.size * case.filters[0].size <= FEW
    for method in (*INPUT_GRADIENTS, "auto"):
        if method != "loops" or small:
            got = conv2d_backward(grad, case.x, case.w, method=method, **case.arguments)
            for a, b, name in zip(got, wanted, ("dx", "dw", "db"), strict=True):
                np.testing.assert_array_equal(a, b, strict=True, err_msg=f"{name} {method}")
    yield from (tag for tag in case.tags() if tag != "bias")
    if small:
        yield "method: loops"


def compare_transposed(call):
    """conv_transpose2d; its complex kernels are not conjugated either."""
    import torch

    tensors = (None if a is None else torch.from_numpy(a.copy()) for a in call.canonical)
    steps = {**call.steps, "groups": call.arguments.get("groups", 1)}
    wanted = torch.nn.functional.conv_transpose2d(*tensors, **steps).numpy()
    y = convlib.conv_transpose2d(*call.arrays, **call.arguments)
    y = np.moveaxis(y, -1, -3) if call.layout == "NHWC" else y
    np.testing.assert_array_equal(y, wanted, strict=True)
    yield from call.tags()


def compare_unfold(call):
    """unfold, with the kernel's size in any spelling."""
    import torch

    x, kernel = call.canonical
    wanted = torch.nn.functional.unfold(torch.from_numpy(x.copy()), kernel, **call.steps).numpy()
    got = convlib.unfold(*call.arrays, **call.arguments)
    np.testing.assert_array_equal(got, wanted, strict=True)
    yield from call.tags()


def compare_fold(call):
    """fold, of columns that no image needs to have been unfolded to."""
    import torch

    cols, *sizes = call.canonical
    tensor = torch.from_numpy(cols.copy())
    wanted = torch.nn.functional.fold(tensor, *sizes, **call.steps).numpy()
    got = convlib.fold(*call.arrays, **call.arguments)
    np.testing.assert_array_equal(got, wanted, strict=True)
    yield from call.tags()


def layers():
    """Every spelling of padding with every mode, as conv2d is compared."""
    for spelling in PADDINGS:
        for mode in MODES if spelling not in ("none", "valid") else ("zeros",):
            dtypes = ("float64", "float32", "complex128")
            share = EACH if spelling not in ("none", "valid") else 3 * EACH
            yield cases(spelling, mode, dtypes=dtypes), share


FUNCTIONS = (
    Function(
        "conv2d_backward", tuple(layers()), compare_gradients,
        (*(tag for tag in TAGS if tag != "bias"), "method: loops"),
    ),
    Function(
        "conv_transpose2d", ((transposed_calls(), EXAMPLES),), compare_transposed,
        ("every case", "bias", "output_padding", "groups", "layout, NHWC", *STEP_TAGS),
    ),
    Function("unfold", ((unfold_calls(), EXAMPLES),), compare_unfold, ("every case", *STEP_TAGS)),
    Function("fold", ((fold_calls(), EXAMPLES),), compare_fold, ("every case", *STEP_TAGS)),
)  # fmt: skip


def run(function, share=1):
    """Compare random cases with PyTorch; return how often each argument took part."""
    import torch

    torch.set_num_threads(1)  # on arrays this small, threads only wait for each other
    tally = Counter()
    for strategy, examples in function.strategies:

        @settings(
            max_examples=examples // share,
            deadline=None,
            # A failing example is shrunk as always; none is kept between runs.
            phases=(Phase.generate, Phase.shrink),
            database=None,
            report_multiple_bugs=False,  # one AssertionError, where there would be a group of them
        )
        @given(strategy)
        def each(case):
            tally.update(list(function.compare(case)))

        each()
    return tally


def markdown(tallies):
    """Write the counts as a table, with a dash where a function has no such argument."""
    known = {function.name: function.tags for function in FUNCTIONS}
    tags = (*TAGS, "output_padding", "method: loops")
    rows = [["compared with PyTorch, by argument", *tallies]]
    rows.append(["---", *["---:"] * len(tallies)])
    for tag in (t for t in tags if any(t in known[name] for name in tallies)):
        rows.append([tag, *(str(tallies[n][tag]) if tag in known[n] else "-" for n in tallies)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
