"""Conditional distributions of normal mixtures, by scipy's densities and numpy's solver."""

import numpy as np
from scipy.stats import multivariate_normal

NAN = float("nan")


def mixture(kind, draw):
    """A mixture of three normal distributions over four columns, from uniform numbers."""
    components, columns = 3, 4
    root = lambda: np.array([[2 * next(draw) - 1 for _ in range(columns)] for _ in range(columns)])
    shapes = [root() for _ in range(components)]
    covariances = {
        "full": [a @ a.T + 0.1 * np.eye(columns) for a in shapes],
        "tied": [shapes[0] @ shapes[0].T + 0.1 * np.eye(columns)] * components,
        "diag": [np.diag(np.diag(a @ a.T)) for a in shapes],
        "spherical": [a[0, 0] ** 2 * np.eye(columns) for a in shapes],
    }[kind]
    weights = np.array([next(draw) + 0.2 for _ in range(components)])
    means = np.array([[3 * next(draw) for _ in range(columns)] for _ in range(components)])
    return weights / weights.sum(), means, covariances


def conditional(weights, means, covariances, given):
    """Weights, means and covariances of the columns that are NaN, and what is expected of them."""
    o, m = ~np.isnan(given), np.isnan(given)
    logs, ms, cs = [], [], []
    for w, mean, c in zip(weights, means, covariances):
        logs.append(np.log(w) + (multivariate_normal.logpdf(given[o], mean[o], c[np.ix_(o, o)]) if o.any() else 0))
        slope = np.linalg.solve(c[np.ix_(o, o)], c[np.ix_(o, m)]).T
        ms.append(mean[m] + slope @ (given[o] - mean[o]))
        cs.append(c[np.ix_(m, m)] - slope @ c[np.ix_(o, m)])
    shares = np.exp(logs - np.logaddexp.reduce(logs))
    return {
        "given": [None if np.isnan(x) else x for x in given],
        "weights": shares.tolist(),
        "means": np.array(ms).tolist(),
        "covariances": np.array(cs).tolist(),
        "expected": (shares @ np.array(ms)).tolist(),
    }


def figures(uniform):
    """@param uniform: a generator of uniform numbers from a seed"""
    cases = []
    for seed, kind in enumerate(["full", "tied", "diag", "spherical"], start=1):
        draw = uniform(seed)
        weights, means, covariances = mixture(kind, draw)
        patterns = [[0, 1, 1, 1], [1, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
        rows = [np.array([3 * next(draw) if there else NAN for there in pattern]) for pattern in patterns]
        cases.append(
            {
                "covarianceType": kind,
                "weights": weights.tolist(),
                "means": means.tolist(),
                "covariances": np.array(covariances).tolist(),
                "conditionals": [conditional(weights, means, covariances, row) for row in rows],
            }
        )
    return cases
