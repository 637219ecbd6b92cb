"""Optima of normal mixtures with fixed parameters or a prior on the covariances, by a general optimiser: no EM."""

import numpy as np
from scipy.optimize import minimize
from scipy.stats import multivariate_normal


def optimum(X, start, fixed, prior_rows=0):
    """Climbs from a start over log weights, means and Cholesky factors; `fixed` names entries as in the library.

    The prior adds, for each component, -a/2 (log det S + trace(S^-1 T)): a rows, T the variances of the data over K^(2/D).
    """
    K, D = np.shape(start["means"])
    scale = X.std(axis=0)
    target = np.diag(X.var(axis=0)) / K ** (2 / D)
    lower = np.tril_indices(D)
    free = lambda name, k: not (name in fixed and fixed[name][k] is not None)
    weights_free = [k for k in range(K) if free("weights", k)]
    left = 1 - sum(fixed["weights"][k] for k in range(K) if k not in weights_free)

    def pack():
        parts = [np.log(start["weights"])[weights_free]]
        for k in range(K):
            if free("means", k):
                parts.append(np.array(start["means"][k]) / scale)
            if free("covariances", k):
                factor = np.linalg.cholesky(np.array(start["covariances"][k]) / np.outer(scale, scale))
                factor[np.diag_indices(D)] = np.log(np.diag(factor))
                parts.append(factor[lower])
        return np.concatenate(parts)

    def unpack(point):
        at = len(weights_free)
        weights = np.array([0 if free("weights", k) else fixed["weights"][k] for k in range(K)], float)
        if weights_free:
            odds = np.exp(point[:at])
            weights[weights_free] = left * odds / odds.sum()
        means, covariances = [], []
        for k in range(K):
            if free("means", k):
                means.append(point[at : at + D] * scale)
                at += D
            else:
                means.append(np.array(fixed["means"][k]))
            if free("covariances", k):
                factor = np.zeros((D, D))
                factor[lower] = point[at : at + len(lower[0])]
                factor[np.diag_indices(D)] = np.exp(np.diag(factor))
                covariances.append(factor @ factor.T * np.outer(scale, scale))
                at += len(lower[0])
            else:
                covariances.append(np.array(fixed["covariances"][k]))
        return weights, means, covariances

    def log_prior(covariances):
        return sum(
            -prior_rows / 2 * (np.linalg.slogdet(c)[1] + np.trace(np.linalg.solve(c, target))) for c in covariances
        )

    def log_likelihood(weights, means, covariances):
        parts = [np.log(w) + multivariate_normal.logpdf(X, m, c) for w, m, c in zip(weights, means, covariances)]
        return np.logaddexp.reduce(parts).sum()

    def loss(point):
        weights, means, covariances = unpack(point)
        return -(log_likelihood(weights, means, covariances) + log_prior(covariances)) / len(X)

    found = pack()
    for _ in range(3):  # anew from where rounding in the differences ended it
        found = minimize(loss, found, method="BFGS", jac="3-point", options=dict(gtol=1e-10, maxiter=5000)).x
    weights, means, covariances = unpack(found)
    return {
        "priorRows": prior_rows,
        "fixed": fixed,
        "init": start,
        "weights": weights.tolist(),
        "means": np.array(means).tolist(),
        "covariances": np.array(covariances).tolist(),
        "logLikelihood": log_likelihood(weights, means, covariances),
        "logPrior": log_prior(covariances),
        "freeParameters": len(found) - (1 if weights_free else 0),
    }


def figures(rows):
    X = np.array(rows)
    start = {
        "weights": [0.4, 0.6],
        "means": [[2, 55], [4.3, 80]],
        "covariances": [[[0.1, 0.5], [0.5, 40]], [[0.2, 0.9], [0.9, 40]]],
    }
    three = {
        "weights": [0.3, 0.2, 0.5],
        "means": [[2, 55], [3.5, 70], [4.4, 81]],
        "covariances": [[[0.1, 0.5], [0.5, 40]], [[0.3, 1.0], [1.0, 50]], [[0.1, 0.4], [0.4, 30]]],
    }
    return [
        optimum(X, start, {"means": start["means"]}),
        optimum(X, start, {"weights": [0.3, 0.7], "means": [[2.1, 54], None]}),
        optimum(X, start, {"covariances": [None, [[0.2, 0.9], [0.9, 40]]]}),
        optimum(X, three, {"weights": [0.3, None, None], "covariances": [None, [[0.3, 1.0], [1.0, 50]], None]}),
        optimum(X, start, {}, prior_rows=10),
        optimum(X, three, {}, prior_rows=2),
    ]
