"""Where right and wrong answers are registered, each under the name of its exercise."""

from collections import defaultdict

RIGHT, WRONG = defaultdict(list), []


def right(exercise):
    """Register a function as a right answer to an exercise."""

    def register(function):
        RIGHT[exercise].append(function)
        return function

    return register


def wrong(exercise, diagnosis):
    """Register a function as a wrong answer, and say which diagnosis it should get."""

    def register(function):
        WRONG.append((exercise, diagnosis, function))
        return function

    return register
