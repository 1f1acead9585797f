"""Answers to the exercise loop: points, mixture, tol, e_step, m_step -> list of steps."""

import itertools

import numpy as np

from answers.registry import right, wrong
from gmm_lab import Step


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
    if np.diff(values).min() < -tol * len(points):
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


@wrong("loop", "of another kind")
def rounded_first(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and round(abs(log_likelihood - steps[-2].log_likelihood) / len(points), 6) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "log-likelihood per point noted")
def mean_log_likelihood(points, mixture, tol, e_step, m_step):
    steps = []
    while True:
        responsibilities, total = e_step(points, mixture)
        steps.append(Step(points, mixture, total / len(points)))
        if len(steps) > 1 and abs(steps[-1].log_likelihood - steps[-2].log_likelihood) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "start noted each time")
def another_name_for_the_new_mixture(points, mixture, tol, e_step, m_step):
    steps, current = [], mixture
    while True:
        responsibilities, log_likelihood = e_step(points, current)
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and abs(steps[-1].log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            return steps
        current = m_step(points, responsibilities)


STEPS = []


@wrong("loop", "other points")
def in_a_list_of_the_notebook(points, mixture, tol, e_step, m_step):
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        STEPS.append(Step(points, mixture, log_likelihood))
        if len(STEPS) > 1 and abs(STEPS[-1].log_likelihood - STEPS[-2].log_likelihood) / len(points) < tol:
            return STEPS
        mixture = m_step(points, responsibilities)


@wrong("loop", "other points")
def in_a_default(points, mixture, tol, e_step, m_step, steps=[]):  # noqa: B006
    while True:
        responsibilities, log_likelihood = e_step(points, mixture)
        steps.append(Step(points, mixture, log_likelihood))
        if len(steps) > 1 and abs(steps[-1].log_likelihood - steps[-2].log_likelihood) / len(points) < tol:
            return steps
        mixture = m_step(points, responsibilities)


@wrong("loop", "raises")
def results_exchanged(points, mixture, tol, e_step, m_step):
    return loop_while_true(points, mixture, tol, lambda *given: e_step(*given)[::-1], m_step)


@wrong("loop", "raises")
def raises_at_any_fall(points, mixture, tol, e_step, m_step):
    steps = loop_while_true(points, mixture, tol, e_step, m_step)
    if any(after.log_likelihood < before.log_likelihood for before, after in itertools.pairwise(steps)):
        raise ValueError("the log-likelihood fell")
    return steps
