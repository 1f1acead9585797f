"""What a learner is told in each trouble: what was seen, and below a blank line what to do. {Braces} are filled in."""

import numpy as np

from gmm_lab.exercises.engine.stopping import COMPUTES, WAITS

UNFINISHED, RAISES = "unfinished", "raises"
WORDS = {
    "not a function": """`{check}` was given {given}, and a function was expected.

Give the function itself, without brackets behind its name: `{check}({function})`.""",
    "parameters": """Your function will be called as `{signature}`, but it can't be: {error}.

Let its first line be `def {signature}:`.""",
    UNFINISHED: """Not attempted yet, or not to the end: {left} in `{function}`. Replace that, run its cell, then this
one again.

Stuck? `check.{exercise}.hint()` gives a hint, and one more each time. A solution is folded under the exercise.""",
    RAISES: """Your function stopped{where} with {error}.

{likely}""",
    "returns nothing": """Your function returned nothing, or None. With what is only printed, nobody can compute.

Does it end with `return`? And is what it returns ever set to something else than None?""",
    "changes its input": """Your function changed what it was given: its argument {number} is not what it was before the
call.

The caller still needs it. Where a line says `a -= b`, `a /= b` or `a[...] = b`, make a new array: `a = a - b`.""",
    "global state": """Your function used NumPy's global random numbers (`np.random...`), which anybody may have moved
on.

Draw from what you are given: `rng.standard_normal(...)`, `rng.uniform(...)`, `rng.choice(...)`.""",
    "replaces a function": """Your function gave `{name}` another meaning, for everybody who uses it. It has its own
again.

Give what you make a name of its own.""",
    "remembers": """Called twice with the same arguments, your function gave two different answers.

Does it keep something from one call to the next, or draw random numbers of its own? Let it make all that it needs
itself, from its arguments.""",
    "ignores its arguments": """Your function gives the same answer whatever it is given.

Does it use a variable of the notebook, or fixed numbers, in place of its arguments? Use the names in its first
line.""",
    "unreadable": """Your answer can't be compared: looking at it ended with {error}.

Print what your function returns, and its type: arrays and numbers are expected, and nothing that computes in ways of
its own.""",
    COMPUTES: """Your function was still computing after {seconds:g} s, on small examples, and was stopped.

Is there a loop that can't end? Print what its condition looks at, in every round: the last lines are shown here.""",
    WAITS: """Your function had waited for more than {seconds:g} s, and was stopped.

Does it sleep, or wait for a lock, for a file, or for somebody's input?""",
    "cell did not run": """The newest cell that defines `{name}` did not run{how_far}. What is there to be checked is
your function from before, and that was not looked at.

Mend that cell and run it, then run this one again.""",
    "file has changed": """`{file}` does not say any more what it said when `{name}` was imported from it. What is there
to be checked is the function from before, and that was not looked at.

Run `import importlib, {module}` and `importlib.reload({module})`, then the cell that imports it, and this one
again.""",
    "ragged": """{name} has rows of different lengths; {expected}

Print it, row by row: which row is shorter?""",
    "type": """{name} is of type {kind}, as an array of dtype {held}; {expected}

Return real numbers, and where there are several, an ordinary array of them: `np.asarray(...)` makes one.""",
    "parts": """`{name}` returned {found}; {number} were expected: {names}.

End it with `return {names}`.""",
    "transposed": """{seen} Rows and columns have changed places.

A row is for each {each}, a column for each {other}: return the transpose, `.T`, or stack along the other axis.""",
    "one number": """{seen} It is a single number.

Was something summed over every {each}, did a loop return in its first round, or have two results changed places? Keep
one result for each {each}.""",
    "several numbers": """{seen} It is more than one number.

Is a sum missing at the end, or have two results changed places? Return a single number.""",
    "arranged otherwise": """{seen} The numbers are as many, but arranged otherwise.

Reshape, or drop `keepdims`; of a single entry, return the number itself.""",
    "wrong axis": """{seen} There is not one for each {each}.

Was it summed along the other axis? Try the other number in `axis=...`. Or is a variable of the notebook used where an
argument should be?""",
    "all pairs": """{seen} That is as many as there are pairs of {each}s.

If those of each {each} with itself are wanted: does a column meet a row, or the whole table its transpose? Otherwise:
have two results changed places?""",
    "shape": """{seen}

Print the shape after each line of your function, and see where it goes astray. Are the results in the order that was
asked for?""",
}
NOTHING_LEFT = "Nothing is left there to choose from. Print what goes in: what leaves all of it out?"
LIKELY = {
    UnboundLocalError: "That name is not set on every way through the function. Print what decides over it.",
    NameError: "A name in that line is not known there. Is it spelt as where it was made, and was that cell run?",
    ZeroDivisionError: "Something in that line is divided by 0. Print the divisor to see which.",
    RecursionError: "The function calls itself without end. Call the function that you mean by its own name.",
    IndexError: "An index in that line is beyond the end, or is no whole number. Print it.",
    np.linalg.LinAlgError: "A matrix in that line can't be used so. Print it: are its variances where you expect them?",
    ValueError: "Print what is in that line, and of arrays their shapes: `array.shape`.",
    TypeError: "Print what is in that line, and its type: `type(value)`.",
    BaseException: "Look at that line first.",
}
