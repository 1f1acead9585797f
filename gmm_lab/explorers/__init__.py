"""Explorers: move a slider and see the mathematics move. Each function returns one, and is one line in a notebook."""

from gmm_lab.explorers.animating import animation
from gmm_lab.explorers.densities import density
from gmm_lab.explorers.generation import mixture
from gmm_lab.explorers.placing import place_start
from gmm_lab.explorers.scrubber import em
from gmm_lab.explorers.steps import e_step, m_step
from gmm_lab.pictures.style import in_style

__all__ = ["animation", "density", "e_step", "em", "m_step", "mixture", "place_start"]

animation, density, e_step, em = map(in_style, (animation, density, e_step, em))
m_step, mixture, place_start = map(in_style, (m_step, mixture, place_start))
