"""The same values in many memory orders, and windows written out from their definition."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

ABSURD = 2**40 + 3  # bytes: following this stride once would leave any array


def counting(shape, dtype=np.int64):
    """Different numbers everywhere, so that no two cells can be mistaken for each other."""
    return np.arange(1, np.prod(shape) + 1).reshape(shape).astype(dtype)


def memory_orders(x):
    """Name arrays that equal `x` but lie in memory in other ways."""
    doubled = np.zeros(tuple(2 * n for n in x.shape), x.dtype)
    spread = doubled[tuple(slice(1, None, 2) for _ in x.shape)]
    spread[...] = x
    reverse = tuple(slice(None, None, -1) for _ in x.shape)
    readonly = x.copy()
    readonly.flags.writeable = False
    return {
        "c": np.array(x, order="C"),
        "fortran": np.array(x, order="F"),
        "sliced": spread,
        "reversed": np.array(x[reverse], order="C")[reverse],
        "rows reversed": np.array(x[..., ::-1, :], order="C")[..., ::-1, :],
        "transposed": np.array(x.swapaxes(-1, -2), order="C").swapaxes(-1, -2),
        "channels last": np.array(np.moveaxis(x, -3, -1), order="C", copy=True).transpose(
            *range(x.ndim - 3), x.ndim - 1, x.ndim - 3, x.ndim - 2
        ),
        "swapped bytes": x.astype(x.dtype.newbyteorder()),
        "read-only": readonly,
    }


def absurd_where_single(x):
    """View `x` with a stride that no step may use on every axis of length 1."""
    strides = tuple(s if n > 1 else ABSURD for s, n in zip(x.strides, x.shape, strict=True))
    view = as_strided(x, x.shape, strides)
    assert view.strides == strides or 1 not in x.shape
    return view


def windows_by_definition(x, kernel_size, stride=(1, 1), dilation=(1, 1)):
    """Write out windows[n, i, j, c, u, v] = x[n, c, i*stride + u*dilation, ...] cell by cell."""
    (n, c, h, w), (kh, kw), (sh, sw), (dh, dw) = x.shape, kernel_size, stride, dilation
    rows = [i for i in range(0, h, sh) if i + (kh - 1) * dh < h]
    columns = [j for j in range(0, w, sw) if j + (kw - 1) * dw < w]
    out = np.empty((n, len(rows), len(columns), c, kh, kw), x.dtype)
    for a, b, p, q, u, v in np.ndindex(n, len(rows), len(columns), c, kh, kw):
        out[a, b, p, q, u, v] = x[a, q, rows[b] + u * dh, columns[p] + v * dw]
    return out
