"""As a reader's own file, from which later lessons import."""


def loops_for_ever(points, mixture):
    while True:
        points = points + 0


def divides_by_nothing(points, mixture):
    return points / mixture.means  # of another shape
