"""Time from a new value to a new picture, and its size: the explorers beside the usual way, a new mplot3d figure.

5000 points; all in turn, medians of CPU time, Python side only: what a browser adds, tests/test_browser.py tells.
Run: python benchmarks/explorers.py
"""

import base64
import io
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np

from gmm_lab import Mixture, datasets, explorers, fit, play
from gmm_lab.explorers.explorer import Explorer

N_POINTS, REPEATS = 5000, 25


def usual_way(points, mixture, azimuth):
    """Draw a new figure with Matplotlib's own 3-D axes, as a cell with `interact` and `plt.show` does; return a PNG."""
    figure = plt.figure(figsize=(6.9, 4.7))
    ax = figure.add_subplot(projection="3d")
    colours = mixture.predict_proba(points) @ np.eye(3)
    ax.scatter(*points.T, c=colours, s=4)
    angle, height = np.mgrid[0 : 2 * np.pi : 30j, 0 : np.pi : 30j]
    sphere = np.stack([np.cos(angle) * np.sin(height), np.sin(angle) * np.sin(height), np.cos(height)], axis=-1)
    for mean, root in zip(mixture.means, mixture.cholesky, strict=True):
        ax.plot_surface(*np.moveaxis(mean + 2.5 * sphere @ root.T, -1, 0), alpha=0.2)
    ax.view_init(20, azimuth)
    file = io.BytesIO()
    figure.savefig(file, bbox_inches="tight")  # as the notebook's own backend does
    plt.close(figure)
    return base64.b64encode(file.getvalue())


def sent(explorer):
    """Return how many bytes the last update sent to the browser."""
    picture, caption = explorer.children[0].children[1].children
    return len(picture.value.encode()) + len(caption.value.encode())


def turn(explorer, azimuth):
    control = explorer.controls.get("azimuth", explorer.controls.get("responsibility_1"))
    control.value = azimuth if "azimuth" in explorer.controls else 0.5 + azimuth / 400
    return sent(explorer)


def contestants():
    clouds, truth = datasets.three_gaussians(-(-N_POINTS // 3)), datasets.three_gaussians_truth()
    points = clouds.points[:N_POINTS]
    large = Mixture(truth.weights, 0.5 * truth.means, 4 * truth.covariances)
    six = datasets.eight_points()
    made = {
        "mixture": explorers.mixture(truth),
        "density": explorers.density(points, truth),
        "e_step": explorers.e_step(points, large),
        "m_step (8 points)": explorers.m_step(six.points, datasets.eight_points_start().predict_proba(six.points)),
        "em": explorers.em(points, 3),
        "animation": explorers.animation(fit(points, 3), "never_written.gif"),
    }
    made["mixture"].controls["n_points"].value = N_POINTS
    usual = {"usual way": lambda azimuth: len(usual_way(points, large, azimuth))}
    return usual | {name: lambda azimuth, each=each: turn(each, azimuth) for name, each in made.items()}


def every_control(explorer):
    """Return the median CPU time, in ms, of each control of an explorer moved through its range, all fits known."""
    times = {}
    for name, control in explorer.controls.items():
        values = getattr(control, "options", None) or np.linspace(control.min, control.max, REPEATS)
        before, taken = control.value, []
        for again in (False, True):
            for value in values:
                start = time.process_time()
                control.value = type(before)(value)
                if again:
                    taken.append(time.process_time() - start)
        control.value = before
        times[name] = 1e3 * np.median(taken)
    return times


def rows(runs=None):
    """Yield for the usual way and each explorer: median ms of an update, as speed-up, and the KiB of the largest."""
    runs = runs or contestants()
    times, sizes = {name: [] for name in runs}, {}
    for azimuth in np.linspace(-180, 175, REPEATS):
        for name, run in runs.items():
            start = time.process_time()
            sizes[name] = max(run(int(azimuth)), sizes.get(name, 0))
            times[name].append(time.process_time() - start)
    medians = {name: 1e3 * np.median(each) for name, each in times.items()}
    for name, median in medians.items():
        yield {"way": name, "ms": median, "speed-up": medians["usual way"] / median, "KiB": sizes[name] / 1024}


def main():
    runs = contestants()
    print(f"{N_POINTS} points, medians of {REPEATS} updates (camera turned; m_step: a responsibility changed)")
    print("                    ms    faster   largest KiB")
    for name, median, faster, size in map(dict.values, rows(runs)):
        print(f"{name:18} {median:5.1f} {faster:7.1f} x {size:10.1f}")
    slow = {}
    for cell in (run.__defaults__ for run in runs.values()):
        if cell and isinstance(cell[0], Explorer):
            slow |= {f"{key} of {cell[0]!r}"[:60]: value for key, value in every_control(cell[0]).items()}
    slowest = max(slow, key=slow.get)
    print(f"slowest control of all: {slowest}: {slow[slowest]:.1f} ms")
    penguins = datasets.penguins()
    best = fit(penguins.points, 3, n_init=10)
    start = time.process_time()
    player = play(best, columns=penguins.columns, turn=40)
    seconds = time.process_time() - start
    print(f"player of the penguins, camera turning: {len(player.html) / 1024:.0f} KiB, made in {seconds:.1f} s")


if __name__ == "__main__":
    main()
