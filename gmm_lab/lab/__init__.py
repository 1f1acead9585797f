"""JupyterLab on a reader's own copy of the lessons: `python -m gmm_lab.lab`, and options of `jupyter lab`."""
