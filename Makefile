# Every target works on a fresh checkout with Python >= 3.11 and make: .venv is made first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test test-fast test-long test-golden text-score specification lint bench clean

# Invent a hospital of 2,000 patients, publish its CDM in an embedded PostgreSQL, show the cohort.
demo: $(VENV)/installed
	$(BIN)/npc-omop demo

# All tests but the campaigns.
test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long"

# The tests of a few seconds.
test-fast: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long and not slow"

# Campaigns: larger hospitals, repeated crashes.
test-long: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m long

# Write the golden CDM's figures anew, after a change that is meant.
test-golden: $(VENV)/installed-dev
	GOLDEN=write $(BIN)/python -m pytest tests/e2e/test_golden.py

# Write docs/etl-specification.md anew, after a change of contract, SQL, map or spec test.
specification: $(VENV)/installed
	$(BIN)/python -m etl.specification

# Precision and recall of the text rules on tests/corpus, with the list of misses.
text-score: $(VENV)/installed-dev
	$(BIN)/python -m tests.corpus.score --misses

# Style, types and SQL.
lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint etl --disable-progress-bar

# 10,000 patients against the least work that PostgreSQL needs for the same rows.
bench: $(VENV)/installed
	$(BIN)/npc-omop bench --patients 10000

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache .hypothesis
