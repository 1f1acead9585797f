"""A start placed by hand: the page that `place_start` makes, and EM in it beside the package's, in a real browser.

Tried where viewers differ in how they run scripts, without scripts, on paper, at 390 px, by mouse, finger and keys.
"""

import json
import re
import warnings
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from accessible import told_by_axe
from browsing import new_page
from playwright.sync_api import expect

from gmm_lab import Mixture, datasets, e_step, em, explorers, fit, m_step
from gmm_lab.explorers import placing
from gmm_lab.pictures.colours import DOT_ALPHA, GRID, INK, PALETTE, UNCOLOURED, WALL
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.live import beside
from gmm_lab.scale import ridge

PENGUINS = datasets.penguins()
POINTS, COLUMNS = PENGUINS.points[:, 1:], PENGUINS.columns[1:]
NEEDLE = np.r_[POINTS[::6], [[14.0, 240]] * 3]
FOLDER = Path(placing.__file__).parent
PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Start</title><main>{}</main></html>'
STATE = "part => part.gmmState"
WALK = """(part) => {
  const [back, next] = part.querySelectorAll("button");
  const states = [];
  const note = () => states.push([part.gmmState, part.querySelector(".gmm-caption").textContent]);
  note();
  for (const button of [next, back]) {
    while (button.getAttribute("aria-disabled") !== "true") {
      button.click();
      note();
    }
  }
  return JSON.stringify(states); // a text is handed over quickly
}"""
DARK = "<style>body { background: #111; color: #eee; color-scheme: dark }</style>"


@pytest.fixture(scope="module")
def made():
    return explorers.place_start(POINTS, 2, COLUMNS)


def data_of(made):
    """Return what the script gets: points, means, what is added to variances, axes, colours, and how to stop."""
    return json.loads(re.search(r"\.\.\.(\[.*\])\)\)\)</script>", made.html)[1])


def mixture_of(state):
    """Return the mixture that a page shows."""
    components = state["mixture"]
    covariances = [[[a, b], [b, c]] for a, b, c in (component["covariance"] for component in components)]
    return Mixture([one["weight"] for one in components], [one["mean"] for one in components], covariances)


def components_of(mixture):
    """Return a mixture as the page has it."""
    return [
        {"weight": weight, "mean": mean.tolist(), "covariance": [covariance[0, 0], covariance[0, 1], covariance[1, 1]]}
        for weight, mean, covariance in zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    ]


def test_em_in_the_page_is_small():
    text = (FOLDER / "placing_em.js").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    others = [*FOLDER.glob("placing*.*"), *(FOLDER.parent / "pictures").glob("live.*")]
    assert len(others) == 8
    for path in others:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 180 and max(map(len, lines)) <= 120, path.name


def test_it_begins_where_the_package_does(made):
    points, means, added, axes, colours, stop = data_of(made)
    assert np.array_equal(points, POINTS)
    assert np.array_equal(means, fit(POINTS, 2, start="k-means++").steps[0].mixture.means)
    assert np.array_equal(added, ridge(POINTS, None))
    assert [axis["name"] for axis in axes] == list(COLUMNS)
    assert [axis["ticks"] for axis in axes] == [[14, 16, 18, 20], [180, 195, 210, 225]]
    assert [(colour["fill"], colour["ink"]) for colour in colours] == [(PALETTE[0], "white"), (PALETTE[1], "black")]
    assert [f"#{bytes(colour['rgb']).hex().upper()}" for colour in colours] == list(PALETTE[:2])
    assert stop == [0.9, fit.__kwdefaults__["tol"], fit.__kwdefaults__["max_iter"]]


def test_it_looks_like_other_pictures():
    style = (FOLDER / "placing.css").read_text(encoding="utf-8")
    assert all(colour in style for colour in (WALL, GRID, UNCOLOURED, INK))
    assert f"fill-opacity: {DOT_ALPHA};" in style


def test_a_notebook_shows_it(made):
    assert made._repr_html_() == made.html
    assert repr(made).startswith("<Start to be placed. EM, from left to right: Start: 2 Gaussians")
    (alt,) = re.findall('<img alt="([^"]+)"', made.html)
    assert "After 6 iterations: log-likelihood -1832.25" in alt
    assert explorers.place_start(POINTS, 2, COLUMNS).html == made.html


def test_it_needs_nothing_from_elsewhere(made):
    assert set(re.findall("https?://[^\"'` ]+", made.html)) == {"http://www.w3.org/2000/svg"}  # a name, never asked for
    assert made.html.count("<script") == 1
    assert len(made.html) < 250_000


def test_bad_input_is_told():
    for points in (PENGUINS, np.zeros((2001, 2))):
        with pytest.raises(ValueError, match=r"points has shape \(\d+, \d\), but at most 2000 points in 2 columns"):
            explorers.place_start(points, 2)
    with pytest.raises(ValueError, match="points has 2 rows, but n_components is 3"):
        explorers.place_start([[0, 1], [2, 3]], 3)
    with pytest.raises(TypeError, match="n_components is '2'"):
        explorers.place_start(POINTS, "2")


@pytest.fixture
def phone(browser):
    with new_page(browser, viewport={"width": 390, "height": 844}, has_touch=True) as page:
        yield page


def show(page, html):
    """Show HTML on a page; return the part of it that moves."""
    page.set_content(PAGE.format(html))
    return part_of(page)


def part_of(page):
    return page.get_by_role("group", name="A start to place, and EM from it")


def drag(part, k, x, y):
    """Drag a mean, grasped beside its middle, to a place in the picture, in fractions of its size."""
    box, handle, mouse = part.locator("> svg").bounding_box(), handle_of(part, k), part.page.mouse
    target = box["x"] + x * box["width"], box["y"] + y * box["height"]
    mouse.move(*np.add(middle_of(handle), (3, 0)))
    mouse.down()
    mouse.move(*np.add(target, (3, 0)), steps=5)
    mouse.up()
    mouse.move(0, 0)
    assert np.allclose(middle_of(handle), target, atol=1.5)  # it does not jump


def handle_of(part, k):
    return part.get_by_role("slider", name=f"Mean {k}")


def middle_of(handle):
    spot = handle.bounding_box()
    return spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2


def panel(points):
    """Return from where and how far the panel goes, in both directions."""
    return points.min(0) - 0.08 * np.ptp(points, 0), 1.16 * np.ptp(points, 0)


def drag_onto_the_needle(part):
    """Drag the third mean to where three points are one."""
    low, range_ = panel(NEEDLE)
    x, y = (NEEDLE[-1] - low) / range_
    drag(part, 3, (44 + 370 * x) / 420, (288 - 282 * y) / 330)
    assert np.allclose(mean_of(part, 3), NEEDLE[-1], atol=0, rtol=0.005)


def mean_of(part, k):
    return part.evaluate(STATE)["mixture"][k - 1]["mean"]


def close(found, wanted):
    return np.allclose(found, wanted, rtol=1e-9, atol=1e-9 * np.abs(wanted).max())


def assert_same_run(page, n_components, points):
    """Hold all that the page tells at every half-step, forwards and backwards, against the package's run from there."""
    part = part_of(page)
    start = mixture_of(part.evaluate(STATE))
    whole = m_step(points, np.ones((len(points), 1))).covariances
    assert close(start.covariances, np.repeat(whole, n_components, axis=0))
    assert np.array_equal(start.weights, np.full(n_components, 1 / n_components))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        run = fit(points, n_components, start=start)
    steps = list(islice(em(points, start), run.n_iterations + 1))
    frames = half_steps(steps, max_frames=2 * len(steps))
    found = json.loads(part.evaluate(WALK))
    for (state, told), frame in zip(found, [*frames, *frames[-2::-1]], strict=True):
        assert_same(state, told, frame)
    return run


def assert_same(state, told, frame):
    mixture = mixture_of(state)
    for name in ("weights", "means", "covariances"):
        assert close(getattr(mixture, name), getattr(frame.step.mixture, name)), name
    if frame.coloured_by is None:
        assert state["responsibilities"] is None
    else:
        assert np.allclose(state["responsibilities"], frame.coloured_by.responsibilities, rtol=0, atol=1e-9)
        assert close(state["logLikelihood"], frame.step.log_likelihood)
    told = re.sub(r"e-(\d)\)", r"e-0\1)", re.sub(", [-0-9.]+ a point$", "", told)).replace(", but", "\n").split("\n")
    wanted = frame.caption.split("\n")
    assert [told[0], re.sub(r" \(.*", "", told[-1])] == [wanted[0], re.sub(r" \(.*", "", wanted[-1])]


def test_a_dragged_start_climbs_as_in_the_package(page, made):
    """To the lower summit, from a start with both means side by side."""
    part = show(page, made.html)
    drag(part, 1, 0.4, 0.5)
    drag(part, 2, 0.8, 0.5)
    run = assert_same_run(page, 2, POINTS)
    assert abs(run.log_likelihood - -2024.5) < 1
    expect(part).to_contain_text(f"Ends so far: {run.log_likelihood:.2f} (1 start)")


@pytest.mark.parametrize("n_components", [1, 3, 5])
def test_a_start_placed_by_keys_climbs_as_in_the_package(page, n_components):
    points = datasets.old_faithful().points[::4]
    part = show(page, explorers.place_start(points, n_components).html)
    handle = part.get_by_role("slider").last
    handle.focus()
    low, high = (float(handle.get_attribute(f"aria-value{name}")) for name in ("min", "max"))
    for key, moved in (
        ("ArrowLeft", (-1, 0)),
        ("ArrowUp", (0, 1)),
        ("Shift+ArrowDown", (0, -10)),
        ("ArrowRight", (1, 0)),
    ):
        before = np.array(part.evaluate(STATE)["mixture"][-1]["mean"])
        page.keyboard.press(key)
        after = np.array(part.evaluate(STATE)["mixture"][-1]["mean"])
        range_of_y = 1.16 * np.ptp(points[:, 1])
        assert np.allclose(after - before, np.array(moved) / 100 * (high - low, range_of_y))
        assert float(handle.get_attribute("aria-valuenow")) == after[0]
        x, y = (re.search(rf"{name} ([\d.]+)", handle.get_attribute("aria-valuetext"))[1] for name in "xy")
        assert np.allclose([float(x), float(y)], after, rtol=1e-3)
    page.keyboard.press("Control+ArrowRight")
    assert np.array_equal(part.evaluate(STATE)["mixture"][-1]["mean"], after)
    assert_same_run(page, n_components, points)


def test_no_mean_leaves_the_panel(page, made):
    part = show(page, made.html)
    handle_of(part, 1).focus()
    for _ in range(15):
        page.keyboard.press("Shift+ArrowRight")
    assert mean_of(part, 1)[0] == pytest.approx(POINTS[:, 0].max() + 0.08 * np.ptp(POINTS[:, 0]))


def test_ends_are_counted_and_a_moved_mean_is_a_new_start(page, made):
    part = show(page, made.html)
    first = part.evaluate(STATE)["mixture"]
    part.get_by_role("button", name="To the end").click()
    expect(part).to_contain_text("Ends so far: -1832.25 (1 start)")
    expect(part.locator(".gmm-caption")).to_have_text(
        re.compile(r"^After 6 iterations\nlog-likelihood -1832\.25 .*, -5\.35745 a point$")
    )
    last = part.evaluate(STATE)["mixture"]
    part.get_by_role("button", name="Again").click()
    assert part.evaluate(STATE)["mixture"] == first
    part.get_by_role("button", name="To the end").click()
    expect(part).to_contain_text("Ends so far: -1832.25 (1 start)")  # the same start
    handle_of(part, 2).press("ArrowUp")
    placed = part.evaluate(STATE)["mixture"]
    assert placed[0]["mean"] == last[0]["mean"] and placed[0]["covariance"] == first[0]["covariance"]
    expect(part.locator(".gmm-caption")).to_have_text("Start\n2 Gaussians; no point has a colour yet")
    assert part.locator("circle.hollow").count() == len(POINTS)
    part.get_by_role("button", name="To the end").click()
    expect(part).to_contain_text("Ends so far: -1832.25 (2 starts)")
    assert part.locator("circle.filled").count() == len(POINTS)


def test_points_have_the_colours_of_their_responsibilities(page, made):
    part = show(page, made.html)
    part.get_by_role("button", name="E-step").click()
    shares = np.array(part.evaluate(STATE)["responsibilities"])
    fills = part.locator("circle.filled").evaluate_all("dots => dots.map((dot) => dot.getAttribute('fill'))")
    found = np.array([[int(number) for number in re.findall(r"\d+", fill)] for fill in fills])
    pure = np.array([list(bytes.fromhex(colour[1:])) for colour in PALETTE[:2]])
    assert np.abs(found - shares @ pure).max() <= 0.5 + 1e-9


def test_an_ellipse_holds_its_mass(page, made):
    part = show(page, made.html)
    part.get_by_role("button", name="To the end").click()
    state = part.evaluate(STATE)
    corners = part.locator("path.ellipse").first.get_attribute("d")
    corners = np.array([[float(value) for value in pair.split(",")] for pair in corners[1:-1].split("L")])
    low, range_ = panel(POINTS)
    corners = low + range_ * np.c_[(corners[:, 0] - 44) / 370, (288 - corners[:, 1]) / 282]
    mixture = mixture_of(state)
    difference = corners - mixture.means[0]
    squared = np.einsum("nd,de,ne->n", difference, np.linalg.inv(mixture.covariances[0]), difference)
    assert np.allclose(squared, 4.605170)  # the 90 % quantile of chi-square with 2 degrees of freedom
    expect(part).to_contain_text("ellipses hold 90 %")


@pytest.fixture
def script(page):
    """A page on which EM alone can be called."""
    page.evaluate(f"() => {{ window.EM = {beside('gmm_lab.explorers', 'placing_em.js')}; }}")
    return page


def test_steps_are_those_of_the_package_far_from_everything(script, rng):
    """In log space: where every density underflows, responsibilities still sum to 1."""
    points = rng.normal(size=(40, 2)) * [1, 100] + [5, 1e4]
    mixture = Mixture([0.3, 0.7], [[500, 1e5], [-300, 0]], [np.diag([1, 4e3])] * 2)
    given = [points.tolist(), components_of(mixture)]
    found = script.evaluate("([points, mixture]) => EM.eStep(points, mixture)", given)
    responsibilities, log_likelihood = e_step(points, mixture)
    assert np.allclose(found["responsibilities"], responsibilities, rtol=0, atol=1e-9)
    assert found["logLikelihood"] == pytest.approx(log_likelihood, rel=1e-9)


def test_a_plateau_is_no_end(script):
    """Two components that are nearly the same gain less than `tol` for a while, and then part, as in `fit`."""
    points = datasets.old_faithful().points
    start = fit(points, 1).mixture
    shift = 1e-3 * points.std(axis=0)
    twins = Mixture(
        [0.5, 0.5], [start.means[0] - shift, start.means[0] + shift], np.repeat(start.covariances, 2, axis=0)
    )
    wanted = fit(points, 2, start=twins).log_likelihoods
    assert np.diff(wanted)[0] < 1e-6 * len(points)
    call = "([points, mixture, added]) => EM.climb(points, mixture, added, 1e-6, 500)"
    found = script.evaluate(call, [points.tolist(), components_of(twins), ridge(points, None).tolist()])
    assert close([step["logLikelihood"] for step in found["steps"]], wanted)
    assert found["trouble"] is False


@pytest.mark.parametrize(
    ("points", "shares", "told"),
    [
        ([[0, 0], [1, 3], [2, 1]], [[1, 0], [1, 0], [1, 0]], "component 2 has no points left"),
        ([[7, 0], [7, 3], [7, 1]], [[1], [1], [1]], "component 1 is flat"),
        ([[0, 7], [3, 7], [1, 7]], [[1], [1], [1]], "component 1 is flat"),
        ([[0, 0], [1, 1], [2, 2]], [[1], [1], [1]], "component 1 is flat"),
    ],
)
def test_an_m_step_fails_where_the_packages_does(script, points, shares, told):
    with pytest.raises(ValueError, match=r"no points left|is flat|not positive definite"):
        m_step(points, shares, reg_covar=0)
    call = "([points, shares]) => { try { EM.mStep(points, shares, [0, 0]); } catch (error) { return error.message; } }"
    assert script.evaluate(call, [points, shares]).startswith(told)


def test_what_is_wrong_with_an_end_is_told(page):
    """A needle, and two components that are the same."""
    part = show(page, explorers.place_start(NEEDLE, 3).html)
    drag_onto_the_needle(part)
    part.get_by_role("button", name="To the end").click()
    expect(part.locator(".gmm-caption")).to_contain_text(
        re.compile("but component . is a needle, whose high likelihood means nothing")
    )

    part = show(page, explorers.place_start([[0, 0], [1, 2], [2, 1], [3, 3.5]], 2).html)
    for k in (1, 2):  # into the same corner
        handle_of(part, k).focus()
        for key in ("Shift+ArrowLeft", "Shift+ArrowDown") * 10:
            part.page.keyboard.press(key)
    part.get_by_role("button", name="To the end").click()
    expect(part.locator(".gmm-caption")).to_contain_text("but two components are the same")


def test_an_error_on_the_way_ends_the_run_kindly(page):
    """As in the package without `reg_covar`: three equal points get a component of their own."""
    made = explorers.place_start(NEEDLE, 3)
    added = json.dumps(data_of(made)[2], separators=(",", ":"))
    part = show(page, made.html.replace(added, "[0,0]"))
    drag_onto_the_needle(part)
    start = mixture_of(part.evaluate(STATE))
    with pytest.raises(ValueError, match=r"covariances\[1\] is not positive definite"):
        list(islice(em(NEEDLE, start, m_step=partial(m_step, reg_covar=0)), 500))
    part.get_by_role("button", name="To the end").click()
    expect(part.locator(".gmm-caption")).to_contain_text(re.compile("^After .* iterations?, but component 2 is flat"))


def test_two_on_a_page_are_two(page, made):
    """The same output, shown twice: each has its own start."""
    parts = show(page, made.html + made.html)
    expect(parts).to_have_count(2)
    parts.last.get_by_role("button", name="To the end").click()
    expect(parts.last.locator(".gmm-caption")).to_contain_text("After 6 iterations")
    expect(parts.first.locator(".gmm-caption")).to_contain_text("Start")


def test_stills_where_no_script_runs_and_on_paper(page, browser, made):
    show(page, made.html)
    still = page.locator(".gmm-stills img")
    expect(still).to_be_hidden()
    page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(part_of(page)).to_have_count(0)
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.set_content(PAGE.format(made.html))
    expect(bare.locator(".gmm-stills img")).to_be_visible()
    context.close()


@pytest.mark.parametrize("style", ["", DARK], ids=["light", "dark"])
def test_axe_finds_nothing_wrong_with_it(page, made, style):
    """At the start, on the way and at the end, with a handle in focus; a pale text shows that it looks."""
    part = show(page, style + made.html)
    for name in ("E-step", "M-step", "To the end"):
        handle_of(part, 1).focus()
        assert told_by_axe(page, ".gmm-placing") == {}
        page.get_by_role("button", name=name).click()
    assert told_by_axe(page, ".gmm-placing") == {}
    part.evaluate("""part => part.insertAdjacentHTML("beforeend",
      '<p style="color:#777;background:#666">Pale</p>')""")
    assert [*told_by_axe(page, ".gmm-placing")] == ["color-contrast"]


def test_focus_is_seen(page, made):
    part = show(page, made.html)
    ring = part.locator(".ring").first
    before = ring.evaluate("ring => getComputedStyle(ring).stroke")
    page.keyboard.press("Tab")
    expect(handle_of(part, 1)).to_be_focused()
    assert before == "none" and ring.evaluate("ring => getComputedStyle(ring).stroke") == "rgb(0, 0, 0)"


def test_on_a_phone_it_fits_and_a_finger_drags(phone, made):
    part = show(phone, made.html)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert (
        min(part.locator("> svg text").evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")) > 9
    )
    spot = handle_of(part, 1).bounding_box()
    assert min(spot["width"], spot["height"]) >= 24
    x, y = spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2
    before = part.evaluate(STATE)["mixture"][0]["mean"]
    devtools = phone.context.new_cdp_session(phone)
    for kind, place in (("touchStart", [x, y]), ("touchMove", [x - 60, y - 60]), ("touchEnd", None)):
        points = [{"x": place[0], "y": place[1]}] if place else []
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    after = part.evaluate(STATE)["mixture"][0]["mean"]
    assert after[0] < before[0] - 0.5 and after[1] > before[1] + 5
    assert phone.evaluate("scrollY") == 0
