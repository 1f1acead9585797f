"""A hub on one machine, to try a class out before there is a server for it.

In an environment that holds jupyterhub and nbgitpuller from PyPI, configurable-http-proxy from npm, and this package
with its extra `lab`:

    CLASS_PASSWORD='eight characters or more' jupyterhub -f jupyterhub_config.py

On that machine, http://127.0.0.1:8000 then lets in every name with this password. What users save is in `homes`, in the
folder where the hub was started. All of them are one account of the system: nobody is protected from anybody, and
nobody's memory is limited. For a course take The Littlest JupyterHub.
"""

import os
import sys
from pathlib import Path

password = os.environ.get("CLASS_PASSWORD", "")
if len(password) < 8:
    sys.exit(
        "Set CLASS_PASSWORD to what the class will log in with, eight characters or more, and start the hub again."
    )

c = get_config()  # noqa: F821 - JupyterHub brings it

c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = password
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(Path.cwd() / "homes" / "{username}")
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # many kernels on few cores
c.Spawner.start_timeout = c.Spawner.http_timeout = 300  # seconds: a whole class starts at once
