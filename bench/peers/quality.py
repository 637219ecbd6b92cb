"""scikit-learn's fits of its own data sets: what bench/quality.mjs compares default fits with.

Prints one JSON object a line: the data set's rows, then for each number of components and covariance type the total
log-likelihood and seconds of the default call, and of the best of ten starts of either kind, with a tight tolerance.
Fits with a component that shrank onto the floor are null: their likelihood has no bound.
"""

import json
import sys
import time
import warnings

import numpy as np
from sklearn import datasets
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

warnings.filterwarnings("ignore")
digits = PCA(10, random_state=0, svd_solver="full").fit_transform(datasets.load_digits().data)
geyser = np.array([[float(x) for x in line.split(",")] for line in open(sys.argv[1]) if line[:1].isdigit()])
tables = {
    "faithful 272 × 2": (geyser, (2, 3)),
    "iris 150 × 4": (datasets.load_iris().data, (2, 3)),
    "wine 178 × 13": (datasets.load_wine().data, (3,)),
    "breast cancer 569 × 10": (datasets.load_breast_cancer().data[:, :10], (2, 3)),
    "diabetes 442 × 10": (datasets.load_diabetes().data, (2, 3)),
    "digits 1797 × 10": (digits, (5, 10)),
}
types = ("full", "tied", "diag", "spherical")


def is_singular(model, rows):
    # A variance that is this small a share of the data's own, in some direction, is a group of a few rows.
    least = rows.var(axis=0).min() * 1e-6
    covariances = model.covariances_
    if model.covariance_type == "full":
        return min(np.linalg.eigvalsh(each).min() for each in covariances) < least
    if model.covariance_type == "tied":
        return np.linalg.eigvalsh(covariances).min() < least
    return covariances.min() < least


def fitted(rows, **options):
    begun = time.perf_counter()
    model = GaussianMixture(random_state=0, **options).fit(rows)
    seconds = time.perf_counter() - begun
    total = None if is_singular(model, rows) else float(model.score(rows) * len(rows))
    return {"logLikelihood": total, "seconds": seconds}


for name, (rows, numbers) in tables.items():
    print(json.dumps({"data": name, "rows": rows.tolist()}), flush=True)
    floor = 1e-9 * float(rows.var(axis=0).min())
    for components in numbers:
        for kind in types:
            same = {"n_components": components, "covariance_type": kind}
            tight = {**same, "n_init": 10, "tol": 1e-8, "max_iter": 3000, "reg_covar": floor}
            best = [fitted(rows, init_params=start, **tight) for start in ("kmeans", "random_from_data")]
            totals = [fit["logLikelihood"] for fit in best if fit["logLikelihood"] is not None]
            fits = {"default": fitted(rows, **same), "best": max(totals, default=None)}
            print(json.dumps({"data": name, "components": components, "type": kind, **fits}), flush=True)
