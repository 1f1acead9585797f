"""Numbers that stand in folded parts of lessons, where no cell shows them, are those that the package computes."""

from pathlib import Path

import numpy as np
import pytest

from gmm_lab import Mixture, datasets, e_step, fit, m_step

LESSONS = Path(__file__).resolve().parent.parent / "lessons"


def folded(lesson):
    """Return a lesson's folded parts, each run of blanks as one."""
    text = next(LESSONS.glob(f"{lesson:02}_*.md")).read_text(encoding="utf-8")
    return " ".join(part.partition("</details>")[0] for part in " ".join(text.split()).split("<details>")[1:])


def along_x(points, responsibilities):
    """Return the variance of component 1 along x, with the responsibilities squared and as they are."""
    gamma = responsibilities[:, 0]
    deviations = points[:, 0] - gamma @ points[:, 0] / gamma.sum()
    return [power @ deviations**2 / gamma.sum() for power in (gamma**2, gamma)]


def test_squared_responsibilities_narrow_what_overlaps():
    points, start = datasets.eight_points().points, datasets.eight_points_start()
    end = fit(points, 2, start=start).mixture
    (narrow, right), (same, end_right) = (along_x(points, e_step(points, mixture)[0]) for mixture in (start, end))
    assert f"{narrow:.4f} along x, in place of {right:.4f}" in folded(4)
    assert f"told apart, {same:.4f} in place of {end_right:.4f}" in folded(4)


def test_a_large_reg_covar_hides_what_is_narrow():
    clouds = datasets.three_gaussians()
    large, none = (m_step(clouds.points, np.eye(3)[clouds.labels], reg_covar=reg_covar) for reg_covar in (0.1, 0.0))
    variances = [mixture.covariances[0, 2, 2] for mixture in (large, none)]
    ends = [e_step(clouds.points, mixture)[1] for mixture in (large, none)]
    assert "variance {:.3f} along z, in place of {:.3f}".format(*variances) in folded(4)
    assert "{:.0f}, in place of {:.0f}".format(*ends).replace("-", "−") in folded(4)


@pytest.mark.parametrize("apart", [[[15, 213], [18, 190]], [[14, 220], [19, 195]]])
def test_means_side_by_side_end_on_a_lower_hill(apart):
    points = datasets.penguins().points[:, 1:]
    covariances = [np.cov(points.T, bias=True)] * 2
    starts = [Mixture([0.5, 0.5], means, covariances) for means in (apart, [[16, 197], [20, 197]])]
    high, low = (fit(points, 2, start=start, tol=1e-8, max_iter=1000).log_likelihood for start in starts)
    assert f"the second is {high - low:.0f} nats lower" in folded(5)
