"""Labels: which group each point belongs to, as whole numbers."""

import numpy as np

from gmm_lab.validation import Numbers


def labels_array(labels: Numbers) -> np.ndarray:
    """Return `labels` as whole numbers from 0, (N,), of the kind that NumPy counts by: in a web page, of 32 bits."""
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in "iu" or not labels.size or labels.min() < 0:
        raise ValueError(
            f"labels is an array of {labels.dtype} of shape {labels.shape}, but whole numbers from 0 of shape (N,) were"
            " expected: for names, use np.unique(names, return_inverse=True)[1]"
        )
    return labels.astype(np.intp)
