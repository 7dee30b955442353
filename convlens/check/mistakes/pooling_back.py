"""What goes wrong when the gradient of a maximum goes back: each gives dx of a plane."""

from __future__ import annotations

import numpy as np

from convlens.check.mistakes.axes import only
from convlens.check.mistakes.shared import STRIDE
from convlens.check.mistakes.way_back import Way, divided, equals, every, split
from convlens.check.slips import Slips
from convlib.pooling.forward import max_pool2d

BEGINS = "Window (i, j) begins at row i*stride[0] and column j*stride[1]."
COUNTED = "argmax counts row by row: divmod by KW, the width, gives row and column."
OWN = "Look for the largest number within each window: x[window].max()."

pooling_back = Slips(Way.of, lambda w: w.dx)
pooling_back(
    "every cell of a window gets its gradient",
    "Only the largest number of the window gets it; the others did not change the output.",
    lambda w: w.but(shares=every),
)
pooling_back(
    "the gradient is shared out to all cells of the window: that is the way back of a mean",
    "The whole of it goes to the largest number, undivided.",
    lambda w: w.but(shares=divided(every)),
)
pooling_back(
    "of equal numbers each gets the whole gradient: it is counted twice",
    "One cell of each window wins: take the first, as argmax does, instead of all that are equal.",
    lambda w: w.but(shares=equals),
)
pooling_back(
    "equal numbers share the gradient between them",
    "Here the first of them, row by row, gets all of it.",
    lambda w: w.but(shares=divided(equals)),
)
pooling_back(
    "of equal numbers the last wins",
    "The first wins, row by row: replace the winner only by a number that is larger.",
    lambda w: w.but(shares=lambda window: {max(equals(window)): 1}),
)
pooling_back(
    "of equal numbers the first column by column wins",
    "Read a window row by row: the columns are the inner loop.",
    lambda w: w.but(shares=lambda window: {min(equals(window), key=lambda at: at[::-1]): 1}),
)
pooling_back(
    "the search for the largest begins at 0, and no negative number is larger",
    "Begin with the first number of the window.",
    lambda w: w.but(x=np.maximum(w.x, 0)),
)
pooling_back(
    "a window overwrites what the windows before it had sent to the same cell",
    "A cell may win several windows: add with +=.",
    lambda w: w.but(adds=False),
)
pooling_back(
    "the number of the winning tap is divided by the height of the window",
    COUNTED,
    lambda w: w.but(shares=lambda window: {split(int(window.argmax()), window.shape[0]): 1}),
)
pooling_back(
    "the number of the winning tap is taken for its column in the window",
    COUNTED,
    lambda w: w.but(shares=lambda window: {(0, int(window.argmax())): 1}),
)
pooling_back(
    "grad is not used: every winner gets 1",
    "Add grad[i, j] to the cell that won window (i, j).",
    lambda w: w.but(grad=np.ones_like(w.grad)),
)
pooling_back(
    "it sends the largest numbers themselves, not the gradient",
    "The cell that won window (i, j) gets grad[i, j].",
    lambda w: w.but(grad=max_pool2d(w.x, w.kernel_size, stride=w.stride)),
)
pooling_back(
    "the stride that is given is ignored: the windows lie side by side",
    BEGINS,
    lambda w: w.but(stride=w.kernel_size),
)
pooling_back("the windows move by one", BEGINS, lambda w: w.but(stride=(1, 1)))
pooling_back("the two strides have changed places", STRIDE, lambda w: w.but(stride=w.stride[::-1]))
pooling_back(
    "the first stride is used for rows and columns",
    STRIDE,
    lambda w: w.but(stride=w.stride[:1] * 2),
)
pooling_back(
    "each window sets its other cells back to 0, and wipes out what earlier windows had sent there",
    "Add to the window with +=, or set the cell of the winner alone.",
    lambda w: w.but(wipes=True, adds=False),
)
pooling_back(
    "the winner is written as if every window began in the first corner of the plane",
    "Its row and column are counted within the window: add those where the window begins.",
    lambda w: w.but(begins=0),
)
pooling_back(
    "the number of the winning tap is unravelled with the image's shape, not the window's",
    "argmax counts within the window: np.unravel_index(k, kernel_size), or that of a cut window.",
    lambda w: w.but(
        wraps=True, shares=lambda window: {split(int(window.argmax()), w.x.shape[1]): 1}
    ),
)
pooling_back(
    "only the largest number of the whole plane gets something, from the windows that see it",
    OWN,
    lambda w: w.but(
        shares=lambda window: {at: 1 for at in equals(window) if window[at] == w.x.max()}
    ),
)
pooling_back(
    "the largest number of the whole plane gets the gradients of all windows",
    OWN,
    shape=lambda dx, w: only(np.full_like(dx, w.grad.sum()), divmod(w.x.argmax(), w.x.shape[1])),
)
pooling_back(
    "the winning tap is numbered row by row, but its place is found column by column",
    COUNTED,
    lambda w: w.but(shares=lambda window: {split(int(window.argmax()), window.shape[0])[::-1]: 1}),
)
pooling_back(
    "the winning tap is numbered column by column, but its place is found row by row",
    COUNTED,
    lambda w: w.but(shares=lambda window: {split(int(window.T.argmax()), window.shape[1]): 1}),
)
pooling_back(
    "row and column of the winner in its window have changed places",
    COUNTED,
    lambda w: w.but(shares=lambda window: {split(int(window.argmax()), window.shape[1])[::-1]: 1}),
)
pooling_back(
    "dx is only as large as the windows reach",
    "Make it of x's shape: rows and columns that no window sees stay 0.",
    shape=lambda dx, w: dx[: w.reach[0], : w.reach[1]],
)
pooling_back(
    "the number of the winning tap is added to the flat index at which its window begins",
    "Between two rows of a window lies the rest of an image row: " + COUNTED,
    lambda w: w.but(flat=True, shares=lambda window: {(0, int(window.argmax())): 1}),
)
