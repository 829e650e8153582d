"""The beta distribution: its distribution function, density and quantiles; pure.

Continued fraction DLMF 8.17.22 evaluated by Lentz's method; quantiles by Newton steps that may not
leave a shrinking bracket. No more of numerical mathematics is needed here, so SciPy is not.
"""

import math

TINY = 1e-300
ENOUGH = 1e-15  # relative change at which the continued fraction stands still
TERMS = 10_000


def cumulative(x: float, a: float, b: float) -> float:
    """Return I_x(a, b), the chance (0…1) that a Beta(a, b) variable is at most `x`.

    `a` and `b` are > 0 (ValueError otherwise); `x` outside 0…1 counts as the nearer end. The
    absolute error stays below 1e-11 up to a + b = 1,000 and below 1e-8 up to a million.
    """
    return _sides(x, a, b)[0]


def above(x: float, a: float, b: float) -> float:
    """Return the chance (0…1) that a Beta(a, b) variable is at least `x`, exact when small."""
    return _sides(x, a, b)[1]


def density(x: float, a: float, b: float) -> float:
    """Return the density of Beta(a, b) at 0 < x < 1."""
    return math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - _log_beta(a, b))


def quantile(chance: float, a: float, b: float) -> float:
    """Return the x in 0…1 with I_x(a, b) = `chance`; ValueError for a chance outside 0…1."""
    if not 0 <= chance <= 1:
        raise ValueError(f"a chance lies in 0…1, not {chance}")
    if chance in (0, 1):
        return float(chance)
    low, high, x = 0.0, 1.0, a / (a + b)
    while high - low > 4e-16 * high:
        off = cumulative(x, a, b) - chance
        low, high = (x, high) if off < 0 else (low, x)
        newer = x - off / max(density(x, a, b), TINY)
        if not low < newer < high:
            newer = (low + high) / 2
        if abs(newer - x) <= 1e-15 * x or newer in (low, high):
            return newer
        x = newer
    return x


def _sides(x: float, a: float, b: float) -> tuple[float, float]:
    """Return the chances of at most and of at least `x`."""
    if not (a > 0 and b > 0):
        raise ValueError(f"a beta distribution needs two positive parameters, not {a} and {b}")
    if x <= 0 or x >= 1:
        return (0.0, 1.0) if x <= 0 else (1.0, 0.0)
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the near side of the mean only
        upper = _tail(1.0 - x, b, a)
        return 1.0 - upper, upper
    lower = _tail(x, a, b)
    return lower, 1.0 - lower


def _log_beta(a: float, b: float) -> float:
    """Return log B(a, b)."""
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _tail(x: float, a: float, b: float) -> float:
    """Return I_x(a, b) by the continued fraction, for x below about the mean."""
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - _log_beta(a, b)) / a
    c, d = 1.0, 1.0 / _kept(1.0 - (a + b) * x / (a + 1))
    product = d
    for m in range(1, TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1.0 / _kept(1.0 + term * d)
            c = _kept(1.0 + term / c)
            product *= c * d
        if abs(c * d - 1.0) < ENOUGH:
            break
    return min(1.0, front * product)


def _kept(value: float) -> float:
    """Return `value`, moved off zero as Lentz's method asks."""
    return value if abs(value) > TINY else TINY
