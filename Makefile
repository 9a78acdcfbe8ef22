# Every target is a line or two over documented commands; see README.md.
PYTHON ?= python3
BIN := .venv/bin
# Compiled code is kept, whatever the environment says: without it every process compiles everything again, pytest's
# workers for ten seconds each.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo run test thorough check bench format
setup: .venv/ready

.venv/ready: pyproject.toml package.json package-lock.json tools/set_up.sh
	PYTHON=$(PYTHON) sh tools/set_up.sh

demo: setup
	$(BIN)/tualai demo --home .demo

run: setup
	$(BIN)/tualai serve --with-worker

check: setup
	$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy
	npm run check --silent
	$(BIN)/pytest -n auto --dist worksteal --hypothesis-profile=quick --ignore=tests/end_to_end \
		-m "not slow and not model and not browser"

# One process more than there are processors: much of it waits, for heartbeats, streams and pages.
test: check
	sh tools/find_browser.sh
	$(BIN)/pytest -n $$(( $$(nproc) + 1 )) --dist loadgroup -m "slow or model or browser"

thorough: setup
	sh tools/find_browser.sh
	$(BIN)/pytest -n auto --dist loadgroup --thorough --hypothesis-profile=thorough

bench: setup
	$(BIN)/python -m bench

format: setup
	$(BIN)/ruff check --fix && $(BIN)/ruff format
