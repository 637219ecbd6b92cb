"""scikit-learn's GaussianMixture with the start given and no early stop."""
import warnings

import numpy as np
from protocol import serve
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore")  # it does not converge: that is what the fixed number of iterations means


def given(weights, means, covariances):
    model = GaussianMixture(len(weights), random_state=1)
    model.weights_, model.means_, model.covariances_ = weights, means, covariances
    model.precisions_cholesky_ = np.linalg.cholesky(np.linalg.inv(covariances))
    return model


def fit(x, weights, means, covariances, kind, iterations):
    if kind == "sample":
        return [given(weights, means, covariances).sample(len(x))[0].size]
    if kind == "responsibilities":
        return [given(weights, means, covariances).predict_proba(x).ravel()[:1000]]
    precisions = np.linalg.inv(covariances)
    if kind == "diag":
        precisions = np.diagonal(precisions, axis1=1, axis2=2)
    model = GaussianMixture(
        len(weights),
        covariance_type=kind,
        tol=0,
        reg_covar=0,
        max_iter=iterations,
        init_params="random_from_data",  # the cheapest: its result is replaced by the start
        weights_init=weights,
        means_init=means,
        precisions_init=precisions,
        random_state=0,
    ).fit(x)
    found = model.covariances_
    if kind == "diag":
        found = found[:, :, None] * np.eye(x.shape[1])
    return model.weights_, model.means_, found


serve(fit)
