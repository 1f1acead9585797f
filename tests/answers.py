"""What learners write: right answers in different styles, and wrong ones with the name of their slip.

Each is written as a learner would write it, from the lesson's formulas, and shares no code with the checks.
"""

from collections import defaultdict

import numpy as np
from scipy.special import logsumexp
from scipy.stats import chi2, multivariate_normal, norm

from gmm_lab import Mixture, Step, fit

RIGHT, WRONG = defaultdict(list), []


def right(exercise):
    """Register a function as a right answer to an exercise."""

    def register(function):
        RIGHT[exercise].append(function)
        return function

    return register


def wrong(exercise, diagnosis):
    """Register a function as a wrong answer, and say which diagnosis it should get."""

    def register(function):
        WRONG.append((exercise, diagnosis, function))
        return function

    return register


# sample: mixture, n_points, rng -> points, labels


@right("sample")
def one_by_one(mixture, n_points, rng):
    points, labels = [], []
    for _ in range(n_points):
        k = rng.choice(mixture.n_components, p=mixture.weights)
        points.append(rng.multivariate_normal(mixture.means[k], mixture.covariances[k]))
        labels.append(k)
    return points, labels


@right("sample")
def by_darts(mixture, n_points, rng):
    labels = np.searchsorted(mixture.weights[:-1].cumsum(), rng.uniform(size=n_points))
    L = np.linalg.cholesky(mixture.covariances)[labels]
    return mixture.means[labels] + np.einsum("nde,ne->nd", L, rng.standard_normal(mixture.means[labels].shape)), labels


@right("sample")
def group_by_group_shuffled(mixture, n_points, rng):
    counts = rng.multinomial(n_points, mixture.weights)
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    points = np.zeros((n_points, mixture.n_dimensions))
    for k, covariance in enumerate(mixture.covariances):
        variances, directions = np.linalg.eigh(covariance)
        u = rng.standard_normal((counts[k], mixture.n_dimensions))
        points[labels == k] = mixture.means[k] + (u * np.sqrt(variances)) @ directions.T
    return points, labels


@right("sample")
def of_the_package(mixture, n_points, rng):
    return mixture.sample(n_points, rng)


@wrong("sample", "weights ignored")
def any_component(mixture, n_points, rng):
    labels = rng.integers(mixture.n_components, size=n_points)
    return np.array([rng.multivariate_normal(mixture.means[k], mixture.covariances[k]) for k in labels]), labels


@wrong("sample", "axis by axis")
def stretched_along_the_axes(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    deviations = np.sqrt(np.diagonal(mixture.covariances, axis1=1, axis2=2))
    return rng.normal(mixture.means[labels], deviations[labels]), labels


@wrong("sample", "covariance where its factor belongs")
def stretched_by_the_covariance(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    u = rng.standard_normal((n_points, mixture.n_dimensions))
    return np.array([mixture.means[k] + mixture.covariances[k] @ u[n] for n, k in enumerate(labels)]), labels


@wrong("sample", "other triangle")
def factor_transposed(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    points = np.empty((n_points, mixture.n_dimensions))
    for n, k in enumerate(labels):
        L = np.linalg.cholesky(mixture.covariances[k])
        points[n] = mixture.means[k] + rng.standard_normal(mixture.n_dimensions) @ L
    return points, labels


@wrong("sample", "one mean for all")
def averaged_component(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    mean = mixture.weights @ mixture.means
    return np.array([rng.multivariate_normal(mean, mixture.covariances[k]) for k in labels]), labels


@wrong("sample", "labels from 1")
def labels_for_people(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points, labels + 1


@wrong("sample", "counts arranged")
def exact_shares(mixture, n_points, rng):
    counts = np.round(mixture.weights * n_points).astype(int)
    labels = np.repeat(np.arange(mixture.n_components), counts)
    return np.array([rng.multivariate_normal(mixture.means[k], mixture.covariances[k]) for k in labels]), labels


@wrong("sample", "one number for all coordinates")
def one_draw_a_point(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances)
    u = [np.full(mixture.n_dimensions, rng.standard_normal()) for _ in labels]
    return np.array([mixture.means[k] + L[k] @ u[n] for n, k in enumerate(labels)]), labels


@wrong("sample", "component missing")
def always_the_likeliest(mixture, n_points, rng):
    k = int(mixture.weights.argmax())
    return rng.multivariate_normal(mixture.means[k], mixture.covariances[k], n_points), np.full(n_points, k)


@wrong("sample", "not drawn")
def never_filled(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    return np.zeros((n_points, mixture.n_dimensions)), labels


@wrong("sample", "not drawn")
def returns_in_the_loop(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    points = np.zeros((n_points, mixture.n_dimensions))
    for n, k in enumerate(labels):
        points[n] = rng.multivariate_normal(mixture.means[k], mixture.covariances[k])
        return points, labels


@wrong("sample", "not drawn")
def one_draw_for_all(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    u = rng.standard_normal(mixture.n_dimensions)
    return np.array([mixture.means[k] + np.linalg.cholesky(mixture.covariances[k]) @ u for k in labels]), labels


@wrong("sample", "not drawn")
def last_point_missing(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    points = np.zeros((n_points, mixture.n_dimensions))
    for n in range(n_points - 1):
        points[n] = rng.multivariate_normal(mixture.means[labels[n]], mixture.covariances[labels[n]])
    return points, labels


@wrong("sample", "labels of floats")
def labels_in_floats(mixture, n_points, rng):
    points, labels = mixture.sample(n_points, rng)
    return points, labels.astype(float)


@wrong("sample", "seed ignored")
def own_generator(mixture, n_points, rng):
    return mixture.sample(n_points, np.random.default_rng(0))


@wrong("sample", "one covariance for all")
def first_factor_for_all(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances[0])
    return mixture.means[labels] + rng.standard_normal((n_points, mixture.n_dimensions)) @ L.T, labels


@wrong("sample", "uniform draws")
def darts_for_coordinates(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances)
    u = rng.uniform(size=(n_points, mixture.n_dimensions))
    return np.array([mixture.means[k] + L[k] @ u[n] for n, k in enumerate(labels)]), labels


@wrong("sample", "not a bell curve")
def uniform_of_variance_1(mixture, n_points, rng):
    labels = rng.choice(mixture.n_components, n_points, p=mixture.weights)
    L = np.linalg.cholesky(mixture.covariances)
    u = np.sqrt(12) * (rng.uniform(size=(n_points, mixture.n_dimensions)) - 0.5)
    return np.array([mixture.means[k] + L[k] @ u[n] for n, k in enumerate(labels)]), labels


# radius: mass, n_dimensions -> radius


@right("radius")
def by_chi_square(mass, n_dimensions):
    return np.sqrt(chi2.ppf(mass, df=n_dimensions))


@right("radius")
def by_chi(mass, n_dimensions):
    from scipy.stats import chi

    return chi.ppf(mass, n_dimensions)


@right("radius")
def by_gamma(mass, n_dimensions):
    from scipy.special import gammaincinv

    return float((2 * gammaincinv(n_dimensions / 2, mass)) ** 0.5)


@right("radius")
def by_bisection(mass, n_dimensions):
    low, high = 0.0, 100.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if chi2.cdf(middle**2, n_dimensions) < mass else (low, middle)
    return middle


@wrong("radius", "as in one dimension")
def two_sided_bell(mass, n_dimensions):
    return norm.ppf((1 + mass) / 2)


@wrong("radius", "one degree of freedom too few")
def unbiased(mass, n_dimensions):
    return np.sqrt(chi2.ppf(mass, n_dimensions - 1))


@wrong("radius", "squared radius")
def no_root(mass, n_dimensions):
    return chi2.ppf(mass, n_dimensions)


@wrong("radius", "what is left outside")
def tail(mass, n_dimensions):
    return np.sqrt(chi2.isf(mass, n_dimensions))


@wrong("radius", "probability, not quantile")
def distribution(mass, n_dimensions):
    return chi2.cdf(mass, n_dimensions)


@wrong("radius", "root of a probability")
def root_of_distribution(mass, n_dimensions):
    return np.sqrt(chi2.cdf(mass, df=n_dimensions))


@wrong("radius", "exchanged")
def arguments_exchanged(mass, n_dimensions):
    return np.sqrt(chi2.ppf(n_dimensions, df=mass))


@wrong("radius", "root inside")
def root_of_the_mass(mass, n_dimensions):
    return chi2.ppf(np.sqrt(mass), n_dimensions)


@wrong("radius", "box")
def side_of_a_cube(mass, n_dimensions):
    return norm.ppf((1 + mass ** (1 / n_dimensions)) / 2)


# log_density: points, mean, covariance -> (N,)


@right("log_density")
def density_by_loops(points, mean, covariance):
    result = []
    for x in points:
        squared = (x - mean) @ np.linalg.inv(covariance) @ (x - mean)
        result.append(-(len(x) * np.log(2 * np.pi) + np.log(np.linalg.det(covariance)) + squared) / 2)
    return result


@right("log_density")
def density_by_einsum(points, mean, covariance):
    difference = points - mean
    squared = np.einsum("nd,de,ne->n", difference, np.linalg.inv(covariance), difference)
    return -0.5 * (squared + np.linalg.slogdet(2 * np.pi * covariance)[1])


@right("log_density")
def density_by_scipy(points, mean, covariance):
    return multivariate_normal(mean, covariance).logpdf(points)


@right("log_density")
def density_by_cholesky(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    u = np.linalg.solve(L, (points - mean).T)
    return -0.5 * (u**2).sum(axis=0) - np.log(np.diag(L)).sum() - points.shape[1] / 2 * np.log(2 * np.pi)


@wrong("log_density", "outside logarithms")
def density_then_log(points, mean, covariance):
    return np.log(multivariate_normal(mean, covariance).pdf(points))


@wrong("log_density", "density, not its logarithm")
def density_itself(points, mean, covariance):
    return np.exp(density_by_einsum(points, mean, covariance))


@wrong("log_density", "2 pi to the power 1/2")
def constant_of_one_dimension(points, mean, covariance):
    squared = ((points - mean) @ np.linalg.inv(covariance) * (points - mean)).sum(axis=1)
    return -0.5 * (np.log(2 * np.pi) + np.log(np.linalg.det(covariance)) + squared)


@wrong("log_density", "mean not subtracted")
def around_the_origin(points, mean, covariance):
    return density_by_einsum(points, 0 * mean, covariance)


@wrong("log_density", "half of the log-determinant")
def diagonal_not_doubled(points, mean, covariance):
    L = np.linalg.cholesky(covariance)
    u = np.linalg.solve(L, (points - mean).T)
    return -0.5 * (points.shape[1] * np.log(2 * np.pi) + np.log(np.diag(L)).sum() + (u**2).sum(axis=0))


@wrong("log_density", "only the diagonal")
def axes_on_their_own(points, mean, covariance):
    return norm.logpdf(points, mean, np.sqrt(np.diag(covariance))).sum(axis=1)


def with_terms(points, mean, covariance, squared, log_determinant):
    return -0.5 * (points.shape[1] * np.log(2 * np.pi) + log_determinant + squared)


@wrong("log_density", "determinant without its logarithm")
def plain_determinant(points, mean, covariance):
    u = np.linalg.solve(np.linalg.cholesky(covariance), (points - mean).T)
    return with_terms(points, mean, covariance, (u**2).sum(axis=0), np.linalg.det(covariance))


@wrong("log_density", "added, not squared")
def not_squared(points, mean, covariance):
    u = np.linalg.solve(np.linalg.cholesky(covariance), (points - mean).T)
    return with_terms(points, mean, covariance, u.sum(axis=0), np.log(np.linalg.det(covariance)))


@wrong("log_density", "multiplied by the factor")
def not_solved(points, mean, covariance):
    u = np.linalg.cholesky(covariance) @ (points - mean).T
    return with_terms(points, mean, covariance, (u**2).sum(axis=0), np.log(np.linalg.det(covariance)))


@wrong("log_density", "mean of the points")
def around_their_own_mean(points, mean, covariance):
    return density_by_einsum(points, points.mean(axis=0), covariance)


@wrong("log_density", "all pairs")
def every_pair(points, mean, covariance):
    squared = (points - mean) @ np.linalg.inv(covariance) @ (points - mean).T
    return with_terms(points, mean, covariance, squared, np.log(np.linalg.det(covariance)))


# log_sum_exp: table -> (rows,)


@right("log_sum_exp")
def sum_by_loops(table):
    result = np.zeros(len(table))
    for n, row in enumerate(table):
        m = max(row)
        result[n] = m + np.log(sum(np.exp(v - m) for v in row))
    return result


@right("log_sum_exp")
def sum_by_hand(table):
    m = table.max(axis=1)
    return m + np.log(np.exp(table - m[:, None]).sum(axis=1))


@right("log_sum_exp")
def sum_by_scipy(table):
    return logsumexp(table, axis=1)


@right("log_sum_exp")
def sum_by_numpy(table):
    return np.logaddexp.reduce(table, axis=1)


@wrong("log_sum_exp", "outside logarithms")
def plain_sum(table):
    return np.log(np.exp(table).sum(axis=1))


@wrong("log_sum_exp", "peak of the whole table")
def one_peak(table):
    m = table.max()
    return m + np.log(np.exp(table - m).sum(axis=1))


@wrong("log_sum_exp", "peak not added again")
def peak_forgotten(table):
    return np.log(np.exp(table - table.max(axis=1, keepdims=True)).sum(axis=1))


@wrong("log_sum_exp", "wrong axis")
def along_the_columns(table):
    return logsumexp(table, axis=0)


@wrong("log_sum_exp", "logarithm before the sum")
def bracket_too_early(table):
    m = table.max(axis=1)
    return m + np.log(np.exp(table - m[:, None])).sum(axis=1)


@wrong("log_sum_exp", "logarithm of the sum left out")
def log_forgotten(table):
    m = table.max(axis=1)
    return m + np.exp(table - m[:, None]).sum(axis=1)


@wrong("log_sum_exp", "peak subtracted at the end")
def peak_with_the_other_sign(table):
    m = table.max(axis=1)
    return np.log(np.exp(table - m[:, None]).sum(axis=1)) - m


@wrong("log_sum_exp", "smallest taken out")
def smallest_first(table):
    m = table.min(axis=1)
    return m + np.log(np.exp(table - m[:, None]).sum(axis=1))


# e_step: points, mixture -> responsibilities, log_likelihood


def gaussian(points, mean, covariance):
    """The density (2) of lesson 2, outside logarithms."""
    return multivariate_normal(mean, covariance).pdf(points).reshape(len(points))


def joint(points, mixture):
    """The numerators of Bayes' theorem, (N, K)."""
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return np.stack([weight * gaussian(points, mean, covariance) for weight, mean, covariance in parts], axis=1)


def log_joint(points, mixture, density=density_by_cholesky):
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return np.stack([np.log(weight) + density(points, mean, cov) for weight, mean, cov in parts], axis=1)


def shares_of(table):
    """Right from here on: the shares and the log-likelihood of a table of log-joints."""
    log_density = logsumexp(table, axis=1)
    return np.exp(table - log_density[:, None]), log_density.sum()


@right("e_step")
def e_step_by_loops(points, mixture):
    N, K = len(points), mixture.n_components
    responsibilities, log_likelihood = np.zeros((N, K)), 0.0
    for n in range(N):
        row = []
        for k in range(K):
            difference = points[n] - mixture.means[k]
            squared = difference @ np.linalg.solve(mixture.covariances[k], difference)
            log_determinant = np.linalg.slogdet(2 * np.pi * mixture.covariances[k])[1]
            row.append(np.log(mixture.weights[k]) - 0.5 * (log_determinant + squared))
        log_density = max(row) + np.log(sum(np.exp(v - max(row)) for v in row))
        responsibilities[n] = [np.exp(v - log_density) for v in row]
        log_likelihood += log_density
    return responsibilities, log_likelihood


@right("e_step")
def e_step_by_einsum(points, mixture):
    difference = points[:, None] - mixture.means
    squared = np.einsum("nkd,kde,nke->nk", difference, np.linalg.inv(mixture.covariances), difference)
    log_determinants = np.linalg.slogdet(2 * np.pi * mixture.covariances)[1]
    return shares_of(np.log(mixture.weights) - 0.5 * (log_determinants + squared))


@right("e_step")
def e_step_by_scipy(points, mixture):
    return shares_of(
        np.log(mixture.weights)
        + np.array(
            [
                multivariate_normal(mean, covariance).logpdf(points)
                for mean, covariance in zip(mixture.means, mixture.covariances, strict=True)
            ]
        ).T
    )


@right("e_step")
def e_step_by_hand(points, mixture):
    table = log_joint(points, mixture)
    peak = table.max(axis=1, keepdims=True)
    scaled = np.exp(table - peak)
    sums = scaled.sum(axis=1, keepdims=True)
    return scaled / sums, float((peak + np.log(sums)).sum())


@wrong("e_step", "no weights")
def without_weights(points, mixture):
    parts = zip(mixture.means, mixture.covariances, strict=True)
    return shares_of(np.stack([density_by_cholesky(points, mean, cov) for mean, cov in parts], axis=1))


@wrong("e_step", "not normalised")
def numerators(points, mixture):
    table = joint(points, mixture)
    return table, logsumexp(log_joint(points, mixture), axis=1).sum()


@wrong("e_step", "normalised over points")
def shares_of_a_component(points, mixture):
    table = joint(points, mixture)
    return table / table.sum(axis=0), np.log(table.sum(axis=1)).sum()


@wrong("e_step", "determinant without its square root")
def whole_determinant(points, mixture):
    def density(points, mean, covariance):
        return density_by_einsum(points, mean, covariance) - 0.5 * np.log(np.linalg.det(covariance))

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "2 pi to the power 1/2")
def constant_of_one_dimension_everywhere(points, mixture):
    return shares_of(log_joint(points, mixture, constant_of_one_dimension))


@wrong("e_step", "2 pi to the power D")
def whole_power(points, mixture):
    def density(points, mean, covariance):
        return density_by_einsum(points, mean, covariance) - points.shape[1] / 2 * np.log(2 * np.pi)

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "covariance where its inverse belongs")
def not_inverted(points, mixture):
    def density(points, mean, covariance):
        squared = ((points - mean) @ covariance * (points - mean)).sum(axis=1)
        return -0.5 * (np.linalg.slogdet(2 * np.pi * covariance)[1] + squared)

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "variance taken for standard deviation")
def squared_once_more(points, mixture):
    return shares_of(log_joint(points, mixture, lambda x, mean, cov: density_by_einsum(x, mean, cov @ cov)))


@wrong("e_step", "variance taken for standard deviation")
def variances_as_scales(points, mixture):
    def density(points, mean, covariance):
        return norm.logpdf(points, mean, np.diag(covariance)).sum(axis=1)

    return shares_of(log_joint(points, mixture, density))


@wrong("e_step", "underflow")
def outside_logarithms(points, mixture):
    table = joint(points, mixture)
    sums = table.sum(axis=1)
    return table / sums[:, None], np.log(sums).sum()


@wrong("e_step", "hard decision")
def all_or_nothing(points, mixture):
    table = log_joint(points, mixture)
    return np.eye(mixture.n_components)[table.argmax(axis=1)], logsumexp(table, axis=1).sum()


@wrong("e_step", "logarithms of the responsibilities")
def still_logarithms(points, mixture):
    table = log_joint(points, mixture)
    log_density = logsumexp(table, axis=1)
    return table - log_density[:, None], log_density.sum()


@wrong("e_step", "transposed")
def a_row_for_each_component(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities.T, log_likelihood


@wrong("e_step", "summed once for each component")
def total_as_in_the_seed(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    totals = [logsumexp(log_joint(points, mixture), axis=1) for _ in range(mixture.n_components)]
    return responsibilities, np.sum(totals)


@wrong("e_step", "mean, not sum")
def total_per_point(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities, log_likelihood / len(points)


@wrong("e_step", "base 10")
def total_to_base_10(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities, log_likelihood * np.log10(np.e)


@wrong("e_step", "base 2")
def total_in_bits(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities, log_likelihood / np.log(2)


@wrong("e_step", "components' order")
def weights_of_others(points, mixture):
    parts = zip(reversed(mixture.weights), mixture.means, mixture.covariances, strict=True)
    return shares_of(np.stack([np.log(w) + density_by_cholesky(points, m, c) for w, m, c in parts], axis=1))


@wrong("e_step", "columns in another order")
def columns_reversed(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities[:, ::-1], log_likelihood


@wrong("e_step", "rows do not add up to 1")
def weighted_twice(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities * mixture.weights, log_likelihood


@wrong("e_step", "logarithms divided")
def one_log_by_another(points, mixture):
    table = log_joint(points, mixture)
    log_density = logsumexp(table, axis=1)
    return table / log_density[:, None], log_density.sum()


@wrong("e_step", "largest subtracted")
def peak_for_sum(points, mixture):
    table = log_joint(points, mixture)
    return np.exp(table - table.max(axis=1, keepdims=True)), logsumexp(table, axis=1).sum()


@wrong("e_step", "average by the shares")
def expected_log_joint(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    return responsibilities, (responsibilities * log_joint(points, mixture)).sum()


@wrong("e_step", "logarithm of the sum of the shares")
def log_of_ones(points, mixture):
    responsibilities, _ = e_step_by_scipy(points, mixture)
    return responsibilities, np.log(responsibilities.sum(axis=1)).sum()


@wrong("e_step", "weights twice")
def weights_once_more(points, mixture):
    return shares_of(log_joint(points, mixture) + np.log(mixture.weights))


@wrong("e_step", "row never filled")
def loop_too_short(points, mixture):
    right, log_likelihood = e_step_by_scipy(points, mixture)
    responsibilities = np.zeros_like(right)
    for n in range(len(points) - 1):
        responsibilities[n] = right[n]
    return responsibilities, log_likelihood


@wrong("e_step", "column never filled")
def always_two_components(points, mixture):
    table = np.exp(log_joint(points, mixture))
    responsibilities = np.zeros_like(table)
    for k in range(2):
        responsibilities[:, k] = table[:, k] / table.sum(axis=1)
    return responsibilities, logsumexp(log_joint(points, mixture), axis=1).sum()


@wrong("e_step", "no array")
def lists_of_lists(points, mixture):
    responsibilities, log_likelihood = e_step_by_scipy(points, mixture)
    return responsibilities.tolist(), log_likelihood


# m_step: points, responsibilities, reg_covar -> Mixture


def moments(points, responsibilities, around=None, divide_by=None):
    """Means and covariances, right unless told otherwise: (K, D) and a list of (D, D)."""
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ points / counts[:, None]
    covariances = []
    for k in range(len(counts)):
        deviations = points - (means[k] if around is None else around[k])
        divisor = counts[k] if divide_by is None else divide_by[k]
        covariances.append((responsibilities[:, [k]] * deviations).T @ deviations / divisor)
    return means, np.array(covariances)


def ridge(points, reg_covar):
    return reg_covar * np.eye(points.shape[1])


@right("m_step")
def m_step_by_loops(points, responsibilities, reg_covar=0.0):
    N, D = points.shape
    weights, means, covariances = [], [], []
    for k in range(responsibilities.shape[1]):
        count = sum(responsibilities[n, k] for n in range(N))
        mean = sum(responsibilities[n, k] * points[n] for n in range(N)) / count
        total = np.zeros((D, D))
        for n in range(N):
            total += responsibilities[n, k] * np.outer(points[n] - mean, points[n] - mean)
        weights.append(count / N)
        means.append(mean)
        covariances.append(total / count + ridge(points, reg_covar))
    return Mixture(weights, means, covariances)


@right("m_step")
def m_step_by_einsum(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means = np.einsum("nk,nd->kd", responsibilities, points) / counts[:, None]
    deviations = points[:, None] - means
    covariances = np.einsum("nk,nkd,nke->kde", responsibilities, deviations, deviations) / counts[:, None, None]
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@right("m_step")
def m_step_by_numpy_averages(points, responsibilities, reg_covar=0.0):
    means, covariances = [], []
    for shares in responsibilities.T:
        means.append(np.average(points, axis=0, weights=shares))
        covariances.append(np.atleast_2d(np.cov(points.T, aweights=shares, bias=True)) + ridge(points, reg_covar))
    return Mixture(responsibilities.mean(axis=0), means, covariances)


@right("m_step")
def m_step_by_squares(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ points / counts[:, None]
    squares = np.stack([(shares[:, None] * points).T @ points for shares in responsibilities.T])
    covariances = squares / counts[:, None, None] - means[:, :, None] * means[:, None, :]
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "plain mean")
def same_mean_for_all(points, responsibilities, reg_covar=0.0):
    means = np.tile(points.mean(axis=0), (responsibilities.shape[1], 1))
    _, covariances = moments(points, responsibilities, around=means)
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "mean divided by N")
def mean_of_all_points(points, responsibilities, reg_covar=0.0):
    means = responsibilities.T @ points / len(points)
    _, covariances = moments(points, responsibilities, around=means)
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "covariance divided by N")
def covariance_of_all_points(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities, divide_by=np.full(9, len(points)))
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


class AroundTheOldMean:
    """An M-step that remembers where the components were, as a cell that uses a variable of the notebook does."""

    __name__ = "around_the_old_mean"

    def __call__(self, points, responsibilities, reg_covar=0.0):
        means, _ = moments(points, responsibilities)
        old = np.array([[1.0, 1.0], [4.0, 3.0]])  # of lesson 4, section 1
        around = old if means.shape == old.shape else means + 1
        _, covariances = moments(points, responsibilities, around=around)
        return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


wrong("m_step", "around the old mean")(AroundTheOldMean())


@wrong("m_step", "around the mean of all points")
def around_the_global_mean(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities, around=np.tile(points.mean(axis=0), (9, 1)))
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "unweighted covariance")
def every_point_in_full(points, responsibilities, reg_covar=0.0):
    means, _ = moments(points, responsibilities)
    covariances = [(points - mean).T @ (points - mean) / len(points) for mean in means]
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "weights that sum to N")
def counts_for_weights(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.sum(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "weights divided by K")
def weights_not_divided_by_n(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    weights = responsibilities.sum(axis=0) / responsibilities.shape[1]
    return Mixture(weights, means, covariances + ridge(points, reg_covar))


@wrong("m_step", "only the diagonal")
def variances_only(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    diagonals = [np.diag(np.diag(covariance)) for covariance in covariances]
    return Mixture(responsibilities.mean(axis=0), means, diagonals + ridge(points, reg_covar))


@wrong("m_step", "standard deviations")
def roots_of_variances(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    roots = [np.diag(np.sqrt(np.diag(covariance))) for covariance in covariances]
    return Mixture(responsibilities.mean(axis=0), means, roots + ridge(points, reg_covar))


@wrong("m_step", "N_k - 1")
def unbiased_covariance(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means, covariances = moments(points, responsibilities, divide_by=counts - 1)
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "reg_covar forgotten")
def no_ridge(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=0), means, covariances)


@wrong("m_step", "changes its input")
def in_place(points, responsibilities, reg_covar=0.0):
    mixture = m_step_by_loops(points, responsibilities, reg_covar)
    responsibilities /= responsibilities.sum(axis=0)
    return mixture


@wrong("m_step", "changes its input")
def points_centred_in_place(points, responsibilities, reg_covar=0.0):
    mixture = m_step_by_loops(points, responsibilities, reg_covar)
    points -= mixture.means[0]
    return mixture


@wrong("m_step", "no shares")
def shares_only_in_the_divisor(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means, _ = moments(points, responsibilities)
    covariances = [(points - mean).T @ (points - mean) / count for mean, count in zip(means, counts, strict=True)]
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "divided along the other axis")
def counts_along_the_columns(points, responsibilities, reg_covar=0.0):
    counts = responsibilities.sum(axis=0)
    means = responsibilities.T @ points / counts
    _, covariances = moments(points, responsibilities, around=means)
    return Mixture(counts / len(points), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "means transposed")
def means_in_columns(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=0), means.T, covariances + ridge(points, reg_covar))


@wrong("m_step", "np.cov corrects")
def covariance_by_numpy(points, responsibilities, reg_covar=0.0):
    means, _ = moments(points, responsibilities)
    covariances = [np.atleast_2d(np.cov(points.T, aweights=shares)) for shares in responsibilities.T]
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "last point left out")
def sum_too_short(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    for k, mean in enumerate(means):
        total = 0
        for n in range(len(points) - 1):
            total = total + responsibilities[n, k] * np.outer(points[n] - mean, points[n] - mean)
        covariances[k] = total / responsibilities[:, k].sum()
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "wrong axis")
def weights_of_the_points(points, responsibilities, reg_covar=0.0):
    means, covariances = moments(points, responsibilities)
    return Mixture(responsibilities.mean(axis=1), means, covariances + ridge(points, reg_covar))


@wrong("m_step", "of another kind")
def first_component_throughout(points, responsibilities, reg_covar=0.0):
    means, _ = moments(points, responsibilities)
    shares = responsibilities[:, [0]]
    covariances = [(shares * (points - mean)).T @ (points - mean) / shares.sum() for mean in means]
    return Mixture(responsibilities.mean(axis=0), means, covariances + ridge(points, reg_covar))


# loop: points, mixture, tol, e_step, m_step -> list of steps


@right("loop")
def loop_while_true(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and abs(steps[-1].log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@right("loop")
def loop_with_previous(points, mixture, tol, e_step, m_step):
    previous, gain, steps = -np.inf, np.inf, []
    while abs(gain) >= tol:
        responsibilities, value = e_step(points, mixture)
        steps += [Step(points, mixture, value)]
        gain, previous = (value - previous) / len(points), value
        mixture = m_step(points, responsibilities)
    return steps


@right("loop")
def loop_that_raises_at_a_fall(points, mixture, tol, e_step, m_step):
    steps = loop_while_true(points, mixture, tol, e_step, m_step)
    values = [step.log_likelihood for step in steps]
    if np.diff(values).min() < -1e-6:
        raise RuntimeError("the log-likelihood fell: is there a mistake in the M-step?")
    return steps


@right("loop")
def loop_by_recursion(points, mixture, tol, e_step, m_step, before=None):
    responsibilities, log_likelihood = e_step(points, mixture)
    here = [Step(points, mixture, log_likelihood)]
    if before is not None and abs(log_likelihood - before) < tol * len(points):
        return here
    return here + loop_by_recursion(
        points, m_step(points, responsibilities), tol, e_step, m_step, before=log_likelihood
    )


@wrong("loop", "stops near 0")
def loop_of_the_seed(points, mixture, tol, e_step, m_step):
    steps = []
    for _ in range(500):
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if abs(log_likelihood) < 500:
            break
        mixture = m_step(points, responsibilities)
    return steps


@wrong("loop", "stops near 0")
def loop_of_the_seed_with_tol(points, mixture, tol, e_step, m_step):
    steps = []
    for _ in range(50):
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if abs(log_likelihood) / len(points) < 100 * tol:
            break
        mixture = m_step(points, responsibilities)
    return steps


@wrong("loop", "never stops")
def never_renewed(points, mixture, tol, e_step, m_step):
    steps, previous = [], -np.inf
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if abs(log_likelihood - previous) / len(points) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "one iteration too late")
def stale(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        if len(steps) > 2 and abs(steps[-1].log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            done = True
        else:
            done = False
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if done:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "stops after the first iteration")
def compared_with_itself(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        previous = log_likelihood
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and abs(log_likelihood - previous) / len(points) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "fall taken for convergence")
def no_absolute_value(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and (log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "gain not per point")
def total_gain(points, mixture, tol, e_step, m_step):
    return loop_while_true(points, mixture, tol / len(points), e_step, m_step)


@wrong("loop", "counts iterations")
def ten_rounds(points, mixture, tol, e_step, m_step):
    steps = []
    for _ in range(10):
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        mixture = m_step(points, responsibilities)
    return steps


@wrong("loop", "log-likelihood of the step before")
def mixture_of_the_next(points, mixture, tol, e_step, m_step):
    steps, previous = [], -np.inf
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        if abs(log_likelihood - previous) / len(points) < tol:
            return steps
        previous = log_likelihood
        mixture = m_step(points, responsibilities)
        steps.append(Step(points, mixture, log_likelihood))


@wrong("loop", "M-step before the note")
def noted_too_late(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        mixture = m_step(points, responsibilities)
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and abs(steps[-1].log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            return steps


@wrong("loop", "divided by all coordinates")
def by_the_size(points, mixture, tol, e_step, m_step):
    return loop_while_true(points, mixture, tol * points.size / len(points), e_step, m_step)


@wrong("loop", "gain relative to the log-likelihood")
def relative_gain(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, value = e_step(points, mixture)
        steps.append(Step(points, mixture, value))
        if len(steps) > 1 and abs(value - steps[-2].log_likelihood) < tol * abs(value):
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "small falls ignored")
def gains_only(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, value = e_step(points, mixture)
        steps.append(Step(points, mixture, value))
        if len(steps) > 1 and 0 <= value - steps[-2].log_likelihood < tol * len(points):
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "one step only")
def returns_at_once(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        mixture = m_step(points, responsibilities)
        return steps


@wrong("loop", "of another kind")
def at_most_twenty(points, mixture, tol, e_step, m_step):
    return loop_while_true(points, mixture, tol, e_step, m_step)[:20]


@wrong("loop", "tol ignored")
def always_a_millionth(points, mixture, tol, e_step, m_step):
    return loop_while_true(points, mixture, 1e-6, e_step, m_step)


# restarts: points, starts -> Fit


@right("restarts")
def best_so_far(points, starts):
    best = None
    for start in starts:
        run = fit(points, start.n_components, start=start)
        if best is None or run.log_likelihood > best.log_likelihood:
            best = run
    return best


@right("restarts")
def best_by_max(points, starts):
    fits = [fit(points, start.n_components, start=start) for start in starts]
    return max(fits, key=lambda run: run.log_likelihood)


@right("restarts")
def best_by_sorting(points, starts):
    return sorted((fit(points, s.n_components, start=s) for s in starts), key=lambda run: run.log_likelihoods[-1])[-1]


@right("restarts")
def best_of_small_tolerance(points, starts):
    fits = [fit(points, len(start.weights), start=start, tol=1e-8, max_iter=5000) for start in starts]
    return fits[int(np.argmax([run.steps[-1].log_likelihood for run in fits]))]


@wrong("restarts", "first start")
def returns_too_early(points, starts):
    for start in starts:
        return fit(points, start.n_components, start=start)


@wrong("restarts", "last start")
def keeps_the_last(points, starts):
    for start in starts:
        best = fit(points, start.n_components, start=start)
    return best


@wrong("restarts", "lowest end")
def keeps_the_lowest(points, starts):
    return min((fit(points, s.n_components, start=s) for s in starts), key=lambda run: run.log_likelihood)


@wrong("restarts", "nearest to 0")
def keeps_the_smallest_size(points, starts):
    return min((fit(points, s.n_components, start=s) for s in starts), key=lambda run: abs(run.log_likelihood))


@wrong("restarts", "best start, not best end")
def judges_by_the_start(points, starts):
    start = max(starts, key=lambda start: start.log_density(points).sum())
    return fit(points, start.n_components, start=start)


@wrong("restarts", "no start leads there")
def starts_of_its_own(points, starts):
    return fit(points, starts[0].n_components, n_init=len(starts))


@wrong("restarts", "of another kind")
def without_the_first(points, starts):
    return best_so_far(points, starts[1:])


@wrong("restarts", "of another kind")
def without_the_last(points, starts):
    return best_so_far(points, starts[:-1])


# frame: step, B, palette, radius -> places, colours, outlines


def circle(n_places=100):
    angle = np.linspace(0, 2 * np.pi, n_places)
    return np.c_[np.cos(angle), np.sin(angle)]


@right("frame")
def frame_by_matrices(step, B, palette, radius):
    mixture = step.mixture
    flat = np.linalg.cholesky(B @ mixture.covariances @ B.T)
    outlines = [mean @ B.T + radius * circle() @ L.T for mean, L in zip(mixture.means, flat, strict=True)]
    return step.points @ B.T, step.responsibilities @ palette, outlines


@right("frame")
def frame_by_loops(step, B, palette, radius):
    places = [[B[0] @ x, B[1] @ x] for x in step.points]
    colours = [sum(share * colour for share, colour in zip(row, palette, strict=True)) for row in step.responsibilities]
    outlines = []
    for mean, covariance in zip(step.mixture.means, step.mixture.covariances, strict=True):
        variances, directions = np.linalg.eigh(B @ covariance @ B.T)
        axes = directions * np.sqrt(variances)
        outlines.append([B @ mean + radius * (axes @ place) for place in circle(50)])
    return places, colours, outlines


@right("frame")
def frame_by_einsum(step, B, palette, radius):
    flat = np.einsum("ad,kde,be->kab", B, step.mixture.covariances, B)
    factors = np.linalg.cholesky(flat)
    outlines = (step.mixture.means @ B.T)[:, None] + radius * np.einsum("kab,mb->kma", factors, circle(37))
    return np.einsum("ad,nd->na", B, step.points), np.einsum("nk,kc->nc", step.responsibilities, palette), outlines


@right("frame")
def frame_by_shadows_of_balls(step, B, palette, radius):
    """The outline in each direction is where the ellipsoid reaches furthest."""
    outlines = []
    for mean, covariance in zip(step.mixture.means, step.mixture.covariances, strict=True):
        flat = B @ covariance @ B.T
        directions = circle(60)
        reach = np.sqrt((directions @ flat * directions).sum(axis=1))
        outlines.append(B @ mean + radius * directions @ flat / reach[:, None])
    return (B @ step.points.T).T, step.responsibilities @ palette, outlines


@wrong("frame", "a coordinate dropped")
def first_two_columns(step, B, palette, radius):
    return step.points[:, :2], *frame_by_matrices(step, B, palette, radius)[1:]


@wrong("frame", "hard colours")
def colour_of_the_largest(step, B, palette, radius):
    places, _, outlines = frame_by_matrices(step, B, palette, radius)
    return places, palette[step.responsibilities.argmax(axis=1)], outlines


@wrong("frame", "one sigma")
def radius_forgotten(step, B, palette, radius):
    return frame_by_matrices(step, B, palette, 1)


@wrong("frame", "covariance where its factor belongs")
def covariance_for_factor(step, B, palette, radius):
    mixture = step.mixture
    outlines = [
        mean @ B.T + radius * circle() @ (B @ covariance @ B.T)
        for mean, covariance in zip(mixture.means, mixture.covariances, strict=True)
    ]
    return *frame_by_matrices(step, B, palette, radius)[:2], outlines


@wrong("frame", "mean not projected")
def mean_in_space(step, B, palette, radius):
    mixture = step.mixture
    flat = np.linalg.cholesky(B @ mixture.covariances @ B.T)
    outlines = [mean[:2] + radius * circle() @ L.T for mean, L in zip(mixture.means, flat, strict=True)]
    return *frame_by_matrices(step, B, palette, radius)[:2], outlines


def with_outlines(step, B, palette, radius, outlines):
    return *frame_by_matrices(step, B, palette, radius)[:2], outlines


@wrong("frame", "circles")
def covariance_forgotten(step, B, palette, radius):
    return with_outlines(step, B, palette, radius, [B @ mean + radius * circle() for mean in step.mixture.means])


@wrong("frame", "always the same radius")
def radius_of_the_example(step, B, palette, radius):
    return frame_by_matrices(step, B, palette, 2.5)


@wrong("frame", "not once around")
def degrees_for_radians(step, B, palette, radius):
    angle = np.linspace(0, 360, 100)
    places = np.c_[np.cos(angle), np.sin(angle)]
    flat = np.linalg.cholesky(B @ step.mixture.covariances @ B.T)
    outlines = [B @ mean + radius * places @ L.T for mean, L in zip(step.mixture.means, flat, strict=True)]
    return with_outlines(step, B, palette, radius, outlines)


@wrong("frame", "not once around")
def half_an_ellipse(step, B, palette, radius):
    _, _, outlines = frame_by_matrices(step, B, palette, radius)
    return with_outlines(step, B, palette, radius, [outline[:75] for outline in outlines])


@wrong("frame", "transposed")
def outlines_in_columns(step, B, palette, radius):
    _, _, outlines = frame_by_matrices(step, B, palette, radius)
    return with_outlines(step, B, palette, radius, [outline.T for outline in outlines])


@wrong("frame", "outlines")
def nothing_appended(step, B, palette, radius):
    return with_outlines(step, B, palette, radius, [])
