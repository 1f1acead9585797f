"""An iteration of EM by another package, in an environment of its own: `make bench OPTIONS=--peers` runs this there.

Prints seconds of CPU time for each file with a problem, one thread. Run: python benchmarks/peers.py NAME FILE REPEATS …
"""

import sys
import time
import warnings

import numpy as np

PACKAGES = {  # what is installed for each
    "gmmx": ["gmmx", "jax[cpu]"],
    "pomegranate": ["pomegranate"],
}


def gmmx(points, weights, means, covariances):
    """In single precision: it takes no other."""
    import jax
    from gmmx import EMFitter, GaussianMixtureModelJax

    points, means, covariances, weights = (
        jax.numpy.asarray(each, jax.numpy.float32) for each in (points, means, covariances, weights)
    )
    start = GaussianMixtureModelJax.from_squeezed(means=means, covariances=covariances, weights=weights)
    known = {}

    def run(n):
        fitter = known.setdefault(n, EMFitter(max_iter=n, tol=0.0))
        jax.block_until_ready(fitter.fit(points, start))

    return run


def pomegranate(points, weights, means, covariances):
    import torch
    from pomegranate.distributions import Normal
    from pomegranate.gmm import GeneralMixtureModel

    torch.set_num_threads(1)
    points = torch.tensor(points)

    def run(n):
        parts = [
            Normal(torch.tensor(mean), torch.tensor(covariance))
            for mean, covariance in zip(means, covariances, strict=True)
        ]
        GeneralMixtureModel(parts, priors=torch.tensor(weights), max_iter=n, tol=-np.inf).fit(points)

    return run


def seconds(run, n):
    begun = time.process_time()
    run(n)
    return time.process_time() - begun


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    name, *rest = sys.argv[1:]
    for file, repeats in zip(rest[::2], map(int, rest[1::2]), strict=True):
        with np.load(file) as problem:
            run = globals()[name](*(problem[key] for key in ("points", "weights", "means", "covariances")))
        run(1), run(repeats + 1)  # compiled by now, where it is compiled
        print(np.median([(seconds(run, repeats + 1) - seconds(run, 1)) / repeats for _ in range(3)]), flush=True)
