"""What several test files share: data, fits of it, and figures and widgets that are closed again."""

import ipywidgets
import matplotlib
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from gmm_lab import Mixture, datasets, fit

matplotlib.use("agg")
import matplotlib.pyplot as plt

settings.register_profile("however busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("however busy")
pytest.register_assert_rewrite("browsing", "solving")  # so that they tell as much as a test


@pytest.fixture(autouse=True)
def close_figures():
    """And widgets, which are kept, each explorer with its picture, until somebody closes them."""
    yield
    plt.close("all")
    ipywidgets.Widget.close_all()


@pytest.fixture(scope="module")
def browser():
    """A browser, which few tests load."""
    from printing import CHROMIUM, chromium

    if CHROMIUM is None:
        pytest.skip("no Chromium found: install it to test lessons, players and placed starts in a real browser")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def first_page(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def page(first_page):
    """An empty page that asks for nothing, the same for all tests of a file, since a new one takes its time."""
    from browsing import SCREEN, watched

    first_page.goto("about:blank")
    first_page.set_viewport_size(SCREEN)
    first_page.emulate_media(media="null", reduced_motion="null")
    with watched(first_page, allowed=("data:",)):
        yield first_page


@pytest.fixture(scope="session")
def penguins():
    return datasets.penguins()


@pytest.fixture(scope="session")
def penguins_fit(penguins):
    return fit(penguins.points, 3, start="k-means++", n_init=10)


@pytest.fixture
def mixture():
    """Three components in 2-D, none like another."""
    return Mixture(
        weights=[0.2, 0.5, 0.3],
        means=[[0, 0], [3, 1], [-2, 4]],
        covariances=[[[1, 0.6], [0.6, 2]], [[0.5, 0], [0, 0.5]], [[2, -1.2], [-1.2, 1.5]]],
    )


@pytest.fixture
def points(mixture):
    return mixture.sample(200, rng=4)[0]


@pytest.fixture
def rng():
    return np.random.default_rng(0)
