"""Exercise: the log-density of a Gaussian. The E-step borrows its stages and slips."""

from collections.abc import Iterator

import numpy as np

from gmm_lab.exercises.engine import Case, Exercise, random_covariance


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield points, a mean and a covariance: those of the lesson, and others drawn anew."""
    lesson = np.array([[4.0, 2.0], [2.0, 5.0]])
    places = np.array([[2.0, 3.0], [2.0, -3.0], [0.5, 0.25]])
    yield Case(
        "the places (2, 3), (2, -3) and (0.5, 0.25) with the covariance of section 1",
        (places, np.zeros(2), lesson),
        "there are two dimensions, and the 2 beside the diagonal of the covariance counts.",
        by_hand="at (2, 3), the squared distance is 2, the log-determinant 2.7726, and D log 2π is 3.6758.",
    )
    for n_dimensions, name, new in (
        (1, "five points in 1-D", "there is one dimension, a mean other than 0, and a variance other than 1."),
        (3, "seven points in 3-D", "there are three dimensions, and so D is 3 wherever it stands in the formula."),
    ):
        mean = rng.uniform(1, 3, n_dimensions)
        points = mean + rng.normal(size=(2 * n_dimensions + (3 if n_dimensions == 1 else 1), n_dimensions))
        yield Case(name, (points, mean, random_covariance(rng, n_dimensions)), new)
    far = rng.uniform(200, 400, (4, 2)) * rng.choice([-1, 1], (4, 2))
    yield Case(
        "four points far away",
        (far, rng.uniform(1, 3, 2), random_covariance(rng, 2)),
        "the points are so far away that their density underflows to 0.",
    )


exercise = Exercise(
    "log_density",
    "my_log_density(points, mean, covariance)",
    "2.2 (2)",
    parts={"the log-density": ("log_density", "point")},
    cases=cases,
    read=lambda answer, array, *given: {"the log-density": array("the log-density", answer, "The result")},
    hints={
        "the squared distance": """
Three terms are added in (3): D log 2π, the log-determinant and the squared Mahalanobis distance. Only the last is
different for each point.

With `L = np.linalg.cholesky(covariance)`, the columns of `u = np.linalg.solve(L, (points - mean).T)` are the draws of
(4), one for each point. Square, and add along `axis=0`.""",
        "the log-determinant": """
The determinant of a triangle is the product of its diagonal, and the covariance is L Lᵀ.

The log-determinant is `2 * np.log(np.diag(L)).sum()`.""",
        "the sum": """
D is how many numbers a point has, `points.shape[1]`, whatever the example. Return -0.5 times the sum of the three.""",
    },
)


def _with_variances(matrix, power):
    """Return a matrix (D, D) along whose axes the variances have another power."""
    variances, directions = np.linalg.eigh(matrix)
    return (directions * np.abs(variances) ** power) @ directions.T


spread = exercise.stage("spread", lambda matrix: matrix, "1.3")
spread.slip("variance taken for standard deviation", lambda matrix: _with_variances(matrix, 2)).told("""
if the entries of the covariance are taken for standard deviations, and squared once more. They are variances: where a
function asks for a standard deviation, give it the root.""")
spread.slip("standard deviation taken for variance", lambda matrix: _with_variances(matrix, 0.5)).told("""
if a root is taken of the covariance before the formula uses it. The formula wants variances: put in the covariance as
it is.""")

matrix = exercise.stage("matrix", lambda covariance: covariance, "2.1 (1)")
matrix.slip("only the diagonal", lambda covariance: np.diag(np.diag(covariance))).told("""
if the covariances beside the diagonal are left out, as if the coordinates knew nothing of each other. Use the whole
matrix: its inverse, or its Cholesky factor.""")

deviations = exercise.stage("deviations", lambda points, mean: points - mean, "2.1 (1)")
deviations.slip("mean not subtracted", lambda points: points).told("""
if the mean is not subtracted from the points. Start from `points - mean`.""")
deviations.slip("mean of the points", lambda points: points - points.mean(axis=0)).told("""
if the mean of the points themselves is subtracted. Subtract the Gaussian's own, the argument `mean`.""")

exercise.stage("L", lambda spread: np.linalg.cholesky(spread))
exercise.stage("u", lambda L, deviations: np.linalg.solve(L, deviations.T))
squared = exercise.stage("squared", lambda u: np.square(u).sum(axis=0), "2.2 (4)")
squared.slip(
    "covariance where its inverse belongs",
    lambda deviations, spread: ((deviations @ spread) * deviations).sum(axis=1),
    "2.1 (1)",
).told("""
if the covariance stands in the distance where its inverse belongs. A large variance must make distances small: put the
inverse between the two differences, or solve with the Cholesky factor.""")
squared.slip("other triangle", lambda L, deviations: np.square(np.linalg.solve(L.T, deviations.T)).sum(axis=0)).told("""
if the Cholesky factor is used transposed. Solve with the lower triangle `L` itself.""")
squared.slip("not halved", lambda squared: 2 * squared, "2.2 (2)").told("""
if the squared distance is not halved. Look at the exponent: -Δ²/2.""")
squared.slip("not squared", lambda squared: np.sqrt(squared), "2.2 (2)").told("""
if the distance is not squared. Look at the exponent: -Δ²/2.""")
squared.slip("wrong sign", lambda squared: -squared, "2.2 (2)").told("""
if the squared distance is added instead of subtracted, so that far places are dense. Look at the sign of the exponent:
-Δ²/2.""")
squared.slip("ruler", lambda deviations: np.square(deviations).sum(axis=1), "2.1 (1)").told("""
if the distance is measured by a ruler. Put the inverse of the covariance between the two differences, or solve with the
Cholesky factor.""")
squared.slip("multiplied by the factor", lambda L, deviations: np.square(L @ deviations.T).sum(axis=0)).told("""
if the deviations are multiplied by the Cholesky factor. To undo a draw, solve with it: `np.linalg.solve(L, ...)`.""")
squared.slip("added, not squared", lambda u: u.sum(axis=0)).told("""
if the entries of u are added up as they are. Square each, then add.""")
squared.slip("squared after adding", lambda u: u.sum(axis=0) ** 2).told("""
if the entries of u are added first and squared after. Square each, then add.""")
squared.slip(
    "covariance where its factor belongs", u=lambda spread, deviations: np.linalg.solve(spread, deviations.T)
).told("""
if the deviations are solved with the covariance itself. Solve with its Cholesky factor: `np.linalg.solve(L, ...)`.""")

determinant = exercise.stage("log_determinant", lambda spread: np.linalg.slogdet(spread)[1])
determinant.slip("determinant without its square root", lambda log_determinant: 2 * log_determinant).told("""
if the whole determinant divides the density. It should be its square root: half of its logarithm.""")
determinant.slip("no determinant", lambda: 0).told("""
if the determinant is left out. A wide cloud must be thinner: subtract half of the determinant's logarithm.""")
determinant.slip("half of the log-determinant", lambda log_determinant: log_determinant / 2, "2.2 (4)").told("""
if only half of the determinant's logarithm is used. With a Cholesky factor it is *twice* the sum of the logarithms on
the diagonal.""")
determinant.slip("wrong sign of the determinant", lambda log_determinant: -log_determinant).told("""
if the determinant multiplies the density. It divides: subtract its logarithm.""")
determinant.slip("determinant without its logarithm", lambda log_determinant: np.exp(log_determinant), "2.2 (3)").told(
    "if the determinant itself stands where its logarithm belongs. Take `np.log` of it."
)
determinant.slip("diagonal of the covariance", lambda spread: np.log(np.diag(spread)).sum(), "2.2 (4)").told("""
if the logarithms of the covariance's own diagonal are added up. The product of a diagonal is the determinant for a
triangle only: take the diagonal of the Cholesky factor, twice.""")
determinant.slip("logarithm of the summed diagonal", lambda L: 2 * np.log(np.diag(L).sum()), "2.2 (4)").told("""
if the diagonal of L is added up before the logarithm. Look at the brackets: the logarithm of each entry first, then the
sum.""")

constant = exercise.stage("log_constant", lambda points: points.shape[1] * np.log(2 * np.pi))
constant.slip("2 pi to the power 1/2", lambda: np.log(2 * np.pi)).told("""
if 2π has the power 1/2 in any number of dimensions. The power is D/2, and D is the number of columns of the points.""")
constant.slip("2 pi to the power D", lambda log_constant: 2 * log_constant).told("""
if 2π has the power D. The power is D/2: half of D times its logarithm.""")
constant.slip("no 2 pi", lambda: 0).told("if 2π is left out. Subtract half of D times its logarithm.")
constant.slip("pi for 2 pi", lambda points: points.shape[1] * np.log(np.pi)).told("""
These are the numbers with π where 2π should stand. Write `2 * np.pi`.""")
constant.slip("2 pi to the power N/2", lambda points: len(points) * np.log(2 * np.pi)).told("""
if the number of points stands for D. D is the number of coordinates: `points.shape[1]`, or `len(mean)`.""")

log_density = exercise.stage(
    "log_density",
    lambda squared, log_determinant, log_constant: -0.5 * (log_constant + log_determinant + squared),
    "2.2 (3)",
)
log_density.slip("density, not its logarithm", lambda log_density: np.exp(log_density)).told("""
These are the densities themselves, and their logarithms were asked for. Leave out the last `exp`.""")
log_density.slip("outside logarithms", lambda log_density: np.log(np.exp(log_density)), "2.4").told("""
Near the mean your numbers are right. Far away a density underflows to 0 before its logarithm is taken. Compute the
logarithm of the formula, without `exp`.""")
log_density.slip("base 10", lambda log_density: log_density / np.log(10)).told("""
These are logarithms to the base 10. Natural ones were asked for: `np.log`.""")
log_density.slip("base 2", lambda log_density: log_density / np.log(2)).told("""
These are logarithms to the base 2. Natural ones were asked for: `np.log`.""")
