PYTHON ?= python3
OPTIONS ?=
IN = .venv/bin/python

help: ## what each command does
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | sort | expand -t 14

lab: setup ## open your own copy of the lessons in JupyterLab; make lab OPTIONS="--no-browser --port=8890"
	@$(IN) -m gmm_lab.lab $(OPTIONS)

test: all ## check everything: style, package, environments, and every cell of every notebook
	$(IN) -m ruff check
	$(IN) -m ruff format --check
	$(IN) -m pytest -n auto --dist loadfile --max-worker-restart=0

setup: found ## make .venv from uv.lock, or mend it
	@$(PYTHON) bootstrap.py

all: found
	@$(PYTHON) bootstrap.py --test

found:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON): install Python 3.11 to 3.14, or name yours, as in make lab PYTHON=python3.13"; exit 1; }

links: all ## write what leads from page to page, with the repository named in pyproject.toml
	$(IN) tools/navigation.py
	$(IN) tools/build.py --keep

notebooks: all ## build all notebooks from the lessons' text, run them and save their outputs
	$(IN) tools/navigation.py
	$(IN) tools/build.py
	$(IN) tools/kind.py
	cp notebooks/penguins.gif docs/

lessons: all ## take what you changed in a notebook back into the lesson's text
	$(IN) tools/build.py --back

bench: all ## measure speed and memory beside other packages: docs/benchmarks.md; make bench OPTIONS=--peers
	$(IN) benchmarks/bench.py $(OPTIONS)

site: all ## build the web site into _site/html, with JupyterLab in the page
	$(IN) tools/website.py

site-test: all ## build the web site anew, and look at every page in a browser
	$(IN) -m pytest tests_site

slides: all ## build a lecture from each lesson: _site/slides, as pages and PDF
	$(IN) tools/slides.py

handouts: site ## print the lessons into _site/handouts; make handouts OPTIONS=--solutions
	$(IN) tools/handouts.py $(OPTIONS)

environment: all ## write environment.yml and binder/environment.yml from uv.lock
	$(IN) tools/write_environment.py

# Python goes first and the mark last, so that a .venv half removed is known as ours, and as broken
clean: ## remove .venv, if it was made here, and what the checks leave behind; your work/ and your pictures stay
	@if [ -L .venv ] || { [ -e .venv ] && [ ! -e .venv/made_by_gmm_lab.json ] && [ ! -e .venv/.ready ]; }; \
	then echo "This .venv was not made here, and stays."; else rm -rf .venv/bin/python .venv/[!m]* .venv; fi
	rm -rf _site .pytest_cache .ruff_cache .hypothesis notebooks/.ruff_cache notebooks/.ipynb_checkpoints notebooks/.*.part work/.*.part
	find gmm_lab tests benchmarks binder tools . -maxdepth 4 -path ./work -prune -o -path ./.venv -prune -o \
		-name __pycache__ -type d -exec rm -rf {} +

.PHONY: help lab test setup all found links notebooks lessons bench site site-test slides handouts environment clean
