"""EM as a careful numpy user writes it: no loop over observations, blocks that fit the cache, results in place."""
import numpy as np

from protocol import serve

BLOCK = 8192


def responsibilities(log_densities):
    """Turns the K x n log-densities into responsibilities in place and returns the log-likelihood."""
    largest = log_densities.max(axis=0)
    log_densities -= largest
    np.exp(log_densities, out=log_densities)
    total = log_densities.sum(axis=0)
    log_densities /= total
    return largest.sum() + np.log(total).sum()


def step_one_dimension(blocks, weights, means, covariances):
    m, v = means, covariances[:, :, 0]
    constants = (np.log(weights) - 0.5 * np.log(2 * np.pi * v[:, 0]))[:, None]
    n, first, second, log_likelihood = 0.0, 0.0, 0.0, 0.0
    for x in blocks:
        d = x[:, 0] - m
        r = d * d
        r *= -0.5 / v
        r += constants
        log_likelihood += responsibilities(r)
        n = n + r.sum(axis=1)
        r *= d
        first = first + r.sum(axis=1)
        r *= d
        second = second + r.sum(axis=1)
    shift = first / n
    return n, means + shift[:, None], (second / n - shift**2)[:, None, None], log_likelihood


def step_full(blocks, weights, means, covariances):
    K, D = means.shape
    factors = np.linalg.inv(np.linalg.cholesky(covariances))
    constants = np.log(weights) + np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1) - 0.5 * D * np.log(2 * np.pi)
    n, first, second, log_likelihood = np.zeros(K), np.zeros((K, D)), np.zeros((K, D, D)), 0.0
    for x in blocks:
        r = np.empty((K, len(x)))
        for k in range(K):
            y = (x - means[k]) @ factors[k].T
            np.einsum("ij,ij->i", y, y, out=r[k])
        r *= -0.5
        r += constants[:, None]
        log_likelihood += responsibilities(r)
        n += r.sum(axis=1)
        for k in range(K):
            d = x - means[k]
            weighted = r[k][:, None] * d
            first[k] += weighted.sum(axis=0)
            second[k] += weighted.T @ d
    shift = first / n[:, None]
    return n, means + shift, second / n[:, None, None] - shift[:, :, None] * shift[:, None, :], log_likelihood


def step_diag(blocks, weights, means, covariances):
    """The squares expanded, so that both steps are matrix products; the blocks are centred against cancellation."""
    v = np.diagonal(covariances, axis1=1, axis2=2)
    precision = 1 / v
    constants = np.log(weights) - 0.5 * (np.log(2 * np.pi * v).sum(axis=1) + (means**2 * precision).sum(axis=1))
    n, first, second, log_likelihood = 0.0, 0.0, 0.0, 0.0
    for x in blocks:
        square = x * x
        r = (means * precision) @ x.T
        r -= (0.5 * precision) @ square.T
        r += constants[:, None]
        log_likelihood += responsibilities(r)
        n = n + r.sum(axis=1)
        first = first + r @ x
        second = second + r @ square
    means = first / n[:, None]
    variances = second / n[:, None] - means**2
    return n, means, variances[:, :, None] * np.eye(means.shape[1]), log_likelihood


def fit_counts(x, weights, rates, kind, iterations):
    """Each distinct count once, with its number, but for rows of many columns: there, products with log-odds."""
    if kind == "bernoulli":
        numbers, scale = None, 1
    else:
        x, numbers = np.unique(x, return_counts=True)
        x, scale = x[:, None], 10 if kind == "binomial" else 1
    for _ in range(iterations):
        if kind == "poisson":  # but for log x!, which all components share
            r, constant = np.log(rates) @ x.T, -rates.sum(axis=1)
        else:
            r, constant = (np.log(rates) - np.log1p(-rates)) @ x.T, scale * np.log1p(-rates).sum(axis=1)
        r += (np.log(weights) + constant)[:, None]
        responsibilities(r)
        if numbers is not None:
            r *= numbers
        n = r.sum(axis=1)
        rates = r @ x / (scale * n[:, None])
        weights = n / n.sum()
    return weights, rates


def fit(x, weights, means, covariances, kind, iterations):
    if kind in ("poisson", "binomial", "bernoulli"):
        return fit_counts(x, weights, means, kind, iterations)
    centre = x.mean(axis=0)
    blocks = [x[at : at + BLOCK] - centre for at in range(0, len(x), BLOCK)]
    means = means - centre
    step = step_one_dimension if x.shape[1] == 1 else step_full if kind == "full" else step_diag
    for _ in range(iterations):
        n, means, covariances, _log_likelihood = step(blocks, weights, means, covariances)
        weights = n / len(x)
    return weights, means + centre, covariances


serve(fit)
