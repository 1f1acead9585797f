PYTHON ?= python3
JUPYTER = .venv/bin/python -m jupyter
READY = .venv/.ready
# no times of execution, no version of Python: two runs give the same bytes
STABLE = --ExecutePreprocessor.record_timing=False --ExecutePreprocessor.store_widget_state=False \
	--ClearMetadataPreprocessor.enabled=True --ClearMetadataPreprocessor.preserve_nb_metadata_mask=kernelspec

help: ## what each command does
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | sort | expand -t 14

lab: $(READY) ## open the first notebook in JupyterLab
	@$(JUPYTER) trust notebooks/*.ipynb >/dev/null  # so that players run before a cell does
	$(JUPYTER) lab --ServerApp.root_dir=. notebooks/00_start_here.ipynb

test: $(READY) ## check everything: style, package, environments, and every cell of every notebook
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/python -m pytest

setup: $(READY) ## make .venv from uv.lock

$(READY): uv.lock pyproject.toml bootstrap.py
	@$(PYTHON) bootstrap.py
	@touch $@

links: $(READY) ## write what leads from page to page, with the repository named in pyproject.toml
	.venv/bin/python docs/write_navigation.py

notebooks: $(READY) ## run all notebooks and save their outputs
	.venv/bin/python docs/write_navigation.py
	.venv/bin/python docs/write_exercises.py
	$(JUPYTER) nbconvert --to notebook --execute --inplace $(STABLE) notebooks/*.ipynb
	$(JUPYTER) nbconvert --coalesce-streams --inplace notebooks/*.ipynb
	.venv/bin/python docs/leave_stills.py
	.venv/bin/python docs/kind.py
	cp notebooks/penguins.gif docs/

environment: $(READY) ## write environment.yml and binder/environment.yml from uv.lock
	.venv/bin/python binder/write_environment.py

clean: ## remove .venv and what the checks leave behind
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis notebooks/.ipynb_checkpoints notebooks/.ruff_cache
	find gmm_lab tests benchmarks binder docs -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help lab test setup links notebooks environment clean
