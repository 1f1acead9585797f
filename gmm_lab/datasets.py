"""The data of the lessons, and any table of one's own: points with named columns and units."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from gmm_lab.mixture import Mixture
from gmm_lab.tables import read_table
from gmm_lab.validation import Columns, Rng, generator, whole_number


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Points with names: what `fit`, figures and captions take as points.

    points : (N, D) in the units that `columns` tells.  columns : D axis labels with units.
    labels : (N,), the place of each point's name in `label_names`, or None.  source : who measured or made them.
    """

    points: np.ndarray
    columns: tuple[str, ...]
    source: str
    labels: np.ndarray | None = None
    label_names: tuple[str, ...] = ()

    def __repr__(self):
        n_points, n_dimensions = self.points.shape
        return f"<Dataset: {n_points} points in {n_dimensions}-D ({', '.join(self.columns)})>"


def eight_points() -> Dataset:
    """Return eight points in 2-D, (8, 2), without units, few enough to compute every step of EM by hand.

    >>> eight_points().points.astype(int).tolist()
    [[0, 0], [1, 1], [2, 1], [1, 2], [4, 3], [5, 5], [6, 4], [5, 2]]
    """
    points = np.array([[0, 0], [1, 1], [2, 1], [1, 2], [4, 3], [5, 5], [6, 4], [5, 2]], dtype=float)
    return Dataset(points, columns=("x", "y"), source="made up", labels=np.repeat([0, 1], 4), label_names=("A", "B"))


def eight_points_start() -> Mixture:
    """Return a wrong start for the eight points: two round components of variance 2, beside both groups, means (2, 2).

    EM finds the two groups from here in a few iterations.
    """
    return Mixture(weights=[0.5, 0.5], means=[[1, 3], [4, 1]], covariances=[2 * np.eye(2)] * 2)


def three_gaussians(n_per_component: int = 500, rng: Rng = 0) -> Dataset:
    """Draw three clouds in 3-D, the same number of points from each: the data that the lessons begin with.

    rng : a np.random.Generator or a seed.  Points are (3 * n_per_component, 3), without units; labels tell the clouds.
    Raises ValueError or TypeError where `n_per_component` is no whole number of at least 1.

    >>> three_gaussians(100)
    <Dataset: 300 points in 3-D (x, y, z)>
    """
    n_per_component = whole_number(n_per_component, "n_per_component", 1)
    rng = generator(rng)
    truth = three_gaussians_truth()
    clouds = [
        rng.multivariate_normal(mean, covariance, n_per_component)
        for mean, covariance in zip(truth.means, truth.covariances, strict=True)
    ]
    return Dataset(
        points=np.concatenate(clouds),
        columns=("x", "y", "z"),
        source="synthetic",
        labels=np.repeat(np.arange(3), n_per_component),
        label_names=("top", "middle", "bottom"),
    )


def three_gaussians_truth() -> Mixture:
    """Return the mixture that `three_gaussians` draws from: means (3, 3), covariances (3, 3, 3).

    >>> three_gaussians_truth()
    <Mixture of 3 Gaussians in 3-D, weights 0.333, 0.333, 0.333>
    """
    return Mixture(
        weights=np.full(3, 1 / 3),
        means=[[0, 0, 1], [0, 0, 0], [0, 0.5, -1]],
        covariances=[np.diag(d) for d in ([0.01, 0.03, 0.01], [0.08, 0.01, 0.02], [0.01, 0.05, 0.01])],
    )


def old_faithful() -> Dataset:
    """Return 272 eruptions of the Old Faithful geyser, (272, 2), in minutes: how long each was, and the wait after it.

    >>> old_faithful()
    <Dataset: 272 points in 2-D (eruption (min), waiting (min))>
    """
    return _packaged(
        "old_faithful.csv",
        columns=("eruption (min)", "waiting (min)"),
        source="Härdle 1991, as in R's data set faithful",
    )


def penguins() -> Dataset:
    """Return 342 penguins of three species, (342, 3), in mm, measured at Palmer Station in Antarctica.

    >>> print(penguins().columns, penguins().label_names, sep="\\n")
    ('bill length (mm)', 'bill depth (mm)', 'flipper length (mm)')
    ('Adelie', 'Chinstrap', 'Gentoo')
    """
    return _packaged(
        "penguins.csv",
        columns=("bill length (mm)", "bill depth (mm)", "flipper length (mm)"),
        source="Gorman, Williams and Fraser 2014, as in palmerpenguins, CC0",
        with_labels=True,
    )


def scikit_learn_on_penguins() -> np.ndarray:
    """Return the log-likelihoods, (41,), of the penguins in scikit-learn's EM with its reg_covar of 1e-6.

    Entry n belongs to the mixture after n iterations, in nats. Lesson 5 shows what made them.
    """
    return _cells("scikit_learn_on_penguins.csv").astype(float)[:, 0]


def _packaged(name, columns, source, with_labels=False):
    """Return a table that comes with the package: labels, if there are any, and then what the columns hold."""
    cells = _cells(name)
    if not with_labels:
        return Dataset(cells.astype(float), columns, source)
    label_names, labels = np.unique(cells[:, 0], return_inverse=True)
    return Dataset(cells[:, 1:].astype(float), columns, source, labels, tuple(label_names.tolist()))


def _cells(name):
    """Return the texts in a file of ours, whose form is known: pandas, for any table, takes a second to be loaded."""
    return np.loadtxt(files("gmm_lab") / "data" / name, dtype=str, delimiter=",", skiprows=1, ndmin=2)


def example_csv() -> Path:
    """Return where a small CSV file lies that comes with the package."""
    return Path(str(files("gmm_lab") / "data" / "old_faithful.csv"))


def read_csv(path: str | Path, columns: Columns = None, label_column: str | None = None) -> Dataset:
    """Read the named `columns` of a table in a text file, or every column of numbers.

    path : a file with a line of names on top and values separated by commas, semicolons (then 1,5 is a number) or tabs.
    label_column : a column of names, such as species, to compare a fit with; it is never fitted.
    A column of text is left out, judged by all its rows. Raises ValueError with the line, as an editor counts it, and
    the column where a column of numbers holds something else, and says what a file is that is no such table; OSError
    where it can't be read.

    >>> read_csv(example_csv(), columns=["waiting_min"])
    <Dataset: 272 points in 1-D (waiting_min)>
    """
    points, names, labels = read_table(path, columns, label_column)
    return Dataset(points, names, str(path), *(labels or ()))
