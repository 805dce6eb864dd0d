# The two commands that always work on a fresh clone: make demo, make test.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := --disable-pip-version-check --progress-bar on

.PHONY: demo test check clean

demo: $(VENV)/ready
	$(BIN)/speechcoach analyze sample_audio/conflict-strong.flac --engine moonshine --no-save

test: $(VENV)/ready-dev
	$(BIN)/python -m pytest

check: $(VENV)/ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build dist *.egg-info

# Set-up runs once, and again only when the dependencies change.
$(VENV)/ready: pyproject.toml
	PYTHON=$(PYTHON) .ci/system
	@echo "Setting up $(VENV): a minute or more, up to 3 GB (torch, for Whisper); once."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install $(PIP) --editable .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready
	PYTHON=$(PYTHON) .ci/system test
	$(BIN)/python -m pip install $(PIP) --editable ".[dev]"
	touch $@
