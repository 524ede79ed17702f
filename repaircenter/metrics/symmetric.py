"""Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations: enough for a dozen survey questions."""

from collections.abc import Sequence
from math import copysign, sqrt


def eigen(matrix: Sequence[Sequence[float]]) -> tuple[list[float], list[list[float]]]:
    """(values, V) with the vectors in V's columns: matrix = V diag(values) Vᵀ."""
    size = len(matrix)
    a = [[float(cell) for cell in row] for row in matrix]
    v = [[1.0 if i == j else 0.0 for j in range(size)] for i in range(size)]
    sweeps = 0
    while sweeps < 100 and sum(a[i][j] ** 2 for i in range(size) for j in range(i)) >= 1e-24:
        sweeps += 1
        for p in range(size):
            for q in range(p + 1, size):
                _rotate(a, v, p, q)
    return [a[i][i] for i in range(size)], v


def _rotate(a: list[list[float]], v: list[list[float]], p: int, q: int) -> None:
    """Make a[p][q] zero; V takes the same rotation."""
    if a[p][q] == 0.0:
        return
    theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q])
    t = copysign(1.0, theta) / (abs(theta) + sqrt(theta * theta + 1.0))
    c = 1.0 / sqrt(t * t + 1.0)
    s = t * c
    for rows in (a, v):
        for row in rows:
            row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
    a[p], a[q] = (
        [c * x - s * y for x, y in zip(a[p], a[q], strict=True)],
        [s * x + c * y for x, y in zip(a[p], a[q], strict=True)],
    )
