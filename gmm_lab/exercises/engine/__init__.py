"""What runs a learner's function, reads its answer, searches for a slip that explains it, and tells what was found.

`exercise` is what the exercises use: the rest they need not know.
"""
