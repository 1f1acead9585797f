"""Time and size of an animated GIF of EM: gmm_lab beside the usual way with mplot3d and imageio.

60 frames of 1500 points and 3 ellipsoids, 480 x 480 pixels; both in turn, medians of CPU time.
Run: python benchmarks/animation.py
"""

import io
import itertools
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy is loaded

import imageio.v2 as imageio
import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

from gmm_lab import animate, datasets, em
from gmm_lab.initialise import uniform_in_box
from gmm_lab.pictures.camera import Camera
from gmm_lab.pictures.colours import PALETTE
from gmm_lab.pictures.half_steps import half_steps
from gmm_lab.pictures.scene import ellipsoid_radius

ROUNDS = 3


def usual_way(history, path, turn=0):
    """Clear the axes, scatter the points, plot three surfaces, save a PNG; then all of them with mimsave."""
    figure = plt.figure(figsize=(4.8, 4.8), dpi=100)
    ax = figure.add_subplot(projection="3d")
    colours = np.array([matplotlib.colors.to_rgb(colour) for colour in PALETTE[:3]])
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 31), np.linspace(0, np.pi, 31))
    sphere = np.stack([np.cos(u) * np.sin(v), np.sin(u) * np.sin(v), np.cos(v)], axis=-1)
    pictures = []
    frames = half_steps(history)
    for i, frame in enumerate(frames):
        ax.clear()
        points, mixture = frame.step.points, frame.step.mixture
        blend = frame.coloured_by.responsibilities @ colours if frame.coloured_by else "grey"
        ax.scatter(*points.T, c=blend, s=6, alpha=0.6)
        for colour, mean, root in zip(colours, mixture.means, mixture.cholesky, strict=True):
            surface = mean + ellipsoid_radius(0.9, 3) * sphere @ root.T
            ax.plot_surface(*np.moveaxis(surface, -1, 0), color=colour, alpha=0.2)
        ax.view_init(Camera().elevation, Camera().azimuth + turn * (i / (len(frames) - 1) - 0.5))
        ax.set_title(frame.caption, fontsize=8)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png")
        pictures.append(imageio.imread(buffer.getvalue()))
    imageio.mimsave(path, pictures, duration=250, loop=0)
    plt.close(figure)


def rows(rounds=ROUNDS):
    """Yield for each camera and each way: median CPU seconds and KiB, and both beside the usual way."""
    points = datasets.three_gaussians().points
    history = list(itertools.islice(em(points, uniform_in_box(points, 3, rng=1)), 30))
    with tempfile.TemporaryDirectory() as folder:
        for turn in (0, 40):
            yield from compare(history, Path(folder) / "em.gif", turn, rounds)


def compare(history, path, turn, rounds):
    ways = {"usual way": usual_way, "gmm_lab": animate}
    seconds = {name: [] for name in ways}
    sizes = {}
    for _, (name, way) in itertools.product(range(rounds), ways.items()):
        start = time.process_time()
        way(history, path, turn=turn)
        seconds[name].append(time.process_time() - start)
        sizes[name] = path.stat().st_size / 1024
    medians = {name: statistics.median(each) for name, each in seconds.items()}
    for name in ways:
        yield {
            "camera turns by": turn,
            "way": name,
            "seconds": medians[name],
            "speed-up": medians["usual way"] / medians[name],
            "KiB": sizes[name],
            "of its size": sizes[name] / sizes["usual way"],
        }


def main():
    print(f"{'turn':>4} {'way':12}{'seconds':>8} {'speed-up':>9} {'KiB':>6} {'of its size':>12}")
    for turn, way, seconds, speed_up, size, share in map(dict.values, rows()):
        print(f"{turn:4d} {way:12}{seconds:8.2f} {speed_up:9.1f} {size:6.0f} {share:12.2f}")


if __name__ == "__main__":
    main()
