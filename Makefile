# Zhixing. Needs Python 3.11 or newer and make; everything else is fetched into .venv.
#
#   make demo    sets up, loads a demonstration campaign and serves it
#   make test    sets up and passes the tests, on SQLite and on PostgreSQL

.DEFAULT_GOAL := help
PY := .venv/bin/python
CATALOGUES := $(wildcard src/zhixing/locale/*/LC_MESSAGES/*.po)

.PHONY: help setup demo serve test quick lint test-postgres journeys attacks bench messages pictures lock clean

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: .venv/.ready .venv/.messages  ## the program at .venv/bin/zhixing; instant when nothing changed

.venv/.ready: requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh
	@touch $@

.venv/.messages: .venv/.ready $(CATALOGUES)
	@if [ -d src/zhixing/locale ]; then \
	  $(PY) -m babel.messages.frontend -q compile -D django -d src/zhixing/locale; fi
	@touch $@

demo: setup  ## a demonstration campaign on http://127.0.0.1:8000, with one sign-in per role
	@ZHIXING_HOME="$${ZHIXING_HOME:-demo-data}" .venv/bin/zhixing demo $(ARGS)

serve: setup  ## serves ./zhixing-data
	@.venv/bin/zhixing serve $(ARGS)

test: setup  ## every check, then the tests on SQLite and again on PostgreSQL
	@$(PY) -m tools.run_tests all $(ARGS)

quick: setup  ## under two minutes: no browser, no office, no PostgreSQL
	@$(PY) -m tools.run_tests quick $(ARGS)

lint: setup  ## style, import contracts, types, templates
	@$(PY) -m tools.run_tests lint

test-postgres: setup  ## the tests on a private PostgreSQL
	@$(PY) -m tools.run_tests postgres $(ARGS)

journeys: setup  ## what people do, in a browser
	@$(PY) -m tools.run_tests journeys $(ARGS)

attacks: setup  ## hostile files and hostile people
	@$(PY) -m tools.run_tests attacks $(ARGS)

bench: setup  ## each figure beside its peer's
	@$(PY) -m tools.run_benchmarks $(ARGS)

messages: .venv/.ready  ## gathers the texts of the interface into the catalogues
	@$(PY) -m tools.messages

pictures: setup  ## the pictures of the README, taken of the demonstration
	@$(PY) -m tools.pictures

lock: .venv/.ready  ## requirements.lock from pyproject.toml
	@.venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  pyproject.toml -o requirements.lock
	@! grep -n '://' requirements.lock || { echo "requirements.lock must name no host." >&2; exit 1; }

clean:  ## everything that can be made again; never data
	@rm -rf .venv build dist src/*.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis tests/_shots
	@find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
	@find src -name '*.mo' -delete
