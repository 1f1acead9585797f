"""The texts of hints and diagnoses, from diagnoses.toml, and the search for the slip that fits the numbers."""

import itertools
import tomllib
from importlib.resources import files

import numpy as np

from gmm_lab.exercises.trouble import Trouble

TEXTS = tomllib.loads(files("gmm_lab.exercises").joinpath("diagnoses.toml").read_text(encoding="utf-8"))
# an E-step computes densities, and what can go wrong in them can go wrong in it
TEXTS["e_step"] |= {stage: ways for stage, ways in TEXTS["log_density"].items() if stage not in ("hints", "result")}
SEEN = "seen"  # the stage of diagnoses that rest on a property of the answer, and not on the numbers of a slip


def slips_of(name):
    """Return the slips of an exercise: stage -> names."""
    return {stage: tuple(ways) for stage, ways in TEXTS[name].items() if stage not in (SEEN, "hints")}


def told(name, diagnosis, **seen):
    """Return what a check tells of a diagnosis: the likely cause, and where a lesson explains it."""
    ways = {way: text for stage, ways in TEXTS[name].items() if stage != "hints" for way, text in ways.items()}
    cause = ways[diagnosis]["cause"]
    return f"{cause.format(**seen) if seen else cause} Explained in {ways[diagnosis]['where']}."


def fitting(slips, runs, parts, solve, agree):
    """Return the slip, or the two of different stages, that give the numbers of every run in these parts; or ()."""
    single = [((stage, way),) for stage, ways in slips.items() for way in ways]
    pairs = [first + second for first, second in itertools.combinations(single, 2) if first[0][0] != second[0][0]]
    for ways in single + pairs:
        if all(_gives(run, parts, dict(ways), solve, agree) for run in runs):
            return tuple(way for _, way in ways)
    return ()


def _gives(run, parts, ways, solve, agree):
    try:
        with np.errstate(all="ignore"):
            other = solve(*run.case.arguments, **ways)
    except (np.linalg.LinAlgError, Trouble):  # a slip may lead nowhere
        return False
    return all(agree(run.found[part], other[part]) for part in parts)
