"""Changes of an answer, of an array, or of a keyword: each makes a right function wrong.

A change gets two generators of random numbers: `rng` draws anew for each shape, `fixed` does not.
"""

import numpy as np


def _places(rng, array):
    """Mark some places, one at least."""
    marked = rng.random(array.shape) < rng.choice([0.02, 0.2, 0.6])
    marked.flat[rng.integers(array.size)] = True
    return marked


def noise(rng, array, fixed):
    return array + np.where(_places(rng, array), rng.integers(1, 9, array.shape), 0)


def sign(rng, array, fixed):
    return np.where(_places(rng, array), -array.astype(np.result_type(array, np.int8)), array)


def all_signs(rng, array, fixed):
    return -array.astype(np.result_type(array, np.int8))


def scale(rng, array, fixed):
    factors = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16]
    factors = [*factors, *(1 / f for f in factors), fixed.uniform(-3, 3)]
    return array * fixed.choice(factors)


def shift(rng, array, fixed):
    return array + fixed.integers(1, 100) * fixed.choice([-1, 1])


def permuted(rng, array, fixed):
    return rng.permutation(array.ravel()).reshape(array.shape)


def rolled(rng, array, fixed):
    axis = int(fixed.integers(max(array.ndim, 1)))
    return np.roll(array, int(fixed.integers(1, 4)), axis) if array.ndim else array + 1


def flipped(rng, array, fixed):
    axes = np.flatnonzero(fixed.integers(0, 2, array.ndim))
    return np.flip(array, tuple(axes)) if len(axes) else array * 2


def turned(rng, array, fixed):
    return np.transpose(array, fixed.permutation(array.ndim)) if array.ndim > 1 else array + 1


def reshaped(rng, array, fixed):
    return np.transpose(array, fixed.permutation(array.ndim)).reshape(array.shape)


def clipped(rng, array, fixed):
    return np.clip(array, fixed.integers(-9, 9), fixed.integers(9, 40))


def constant(rng, array, fixed):
    return np.full_like(array, fixed.integers(0, 100))


def zeroed(rng, array, fixed):
    return np.where(_places(rng, array), 0, array)


def cut(rng, array, fixed):
    axis = int(fixed.integers(max(array.ndim, 1)))
    end = slice(1, None) if fixed.integers(2) else slice(-1)
    return array[(slice(None),) * axis + (end,)] if array.ndim else array - 1


def grown(rng, array, fixed):
    axis = int(fixed.integers(max(array.ndim, 1)))
    widths = [(0, 0)] * array.ndim
    if array.ndim:
        widths[axis] = tuple(fixed.permutation([0, 1]))
    return np.pad(array, widths) if array.ndim else array + 1


def summed(rng, array, fixed):
    return array.sum(int(fixed.integers(array.ndim))) if array.ndim else array + 1


def other_dtype(rng, array, fixed):
    dtype = fixed.choice(["bool", "int8", "uint8", "int16", "float16", "complex64"])
    with np.errstate(all="ignore"):
        return array.astype(dtype) if array.dtype != dtype else array * 2


def not_a_number(rng, array, fixed):
    return np.where(_places(rng, array), np.nan, array)


def random_numbers(rng, array, fixed):
    return rng.integers(-9, 10, array.shape)


#: Changes of the answer.
OF_ANSWERS = (
    *(noise, sign, all_signs, scale, shift, permuted, rolled, flipped, turned, reshaped, clipped),
    *(constant, zeroed, cut, grown, summed, other_dtype, not_a_number, random_numbers),
)


def arrays_random(rng, array, fixed):
    return rng.integers(1, 10, array.shape)


def arrays_masked(rng, array, fixed):
    return np.where(_places(rng, array), 0, array)


def arrays_permuted(rng, array, fixed):
    return rng.permutation(array.ravel()).reshape(array.shape)


def arrays_rolled(rng, array, fixed):
    return np.roll(array, int(fixed.integers(1, 4)), int(fixed.integers(max(array.ndim, 1))))


def arrays_flipped(rng, array, fixed):
    return np.flip(array, tuple(np.flatnonzero(fixed.integers(0, 2, array.ndim))))


def arrays_scaled(rng, array, fixed):
    return scale(rng, array, fixed)


def arrays_sliced(rng, array, fixed):
    """Leave out, or keep alone, one row, column or plane: a part of the products."""
    axis = int(fixed.integers(max(array.ndim, 1)))
    place = int(fixed.integers(-2, 2)) % array.shape[axis] if array.ndim else 0
    shape = [-1 if a == axis else 1 for a in range(array.ndim)]
    marked = (np.arange(array.shape[axis] if array.ndim else 1) == place).reshape(shape)
    return array * (marked if fixed.integers(2) else ~marked)


def arrays_other_dtype(rng, array, fixed):
    return array.astype(fixed.choice(["bool", "int8", "uint8", "float16"]))


#: Changes of one of the arrays that are passed: another kernel, a part of the products.
OF_ARGUMENTS = (
    *(arrays_random, arrays_masked, arrays_permuted, arrays_rolled, arrays_flipped, arrays_scaled),
    *(arrays_sliced, arrays_other_dtype),
)


WORDS = (
    ("same", "same_lower", "valid"),
    ("zeros", "reflect", "replicate", "circular"),
    ("NCHW", "NHWC"),
)


def keyword_changed(value, fixed):
    """Change a number, a pair or a word to another of its kind."""
    if isinstance(value, str):
        others = [w for words in WORDS if value in words for w in words if w != value]
        return str(fixed.choice(others))
    if isinstance(value, tuple):
        if fixed.integers(3) == 0:
            return value[::-1]
        return tuple(keyword_changed(v, fixed) if fixed.integers(2) else v for v in value)
    return value * 2 if fixed.integers(2) else max(0, value + int(fixed.choice([-1, 1])))


#: Changes of one of the numbers or words that are passed by name.
OF_KEYWORDS = (keyword_changed,)

FAMILIES = {change.__name__: change for change in (*OF_ANSWERS, *OF_ARGUMENTS, *OF_KEYWORDS)}
