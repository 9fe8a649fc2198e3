# Everything that can be done with a checkout. `make` alone lists it.
PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore
PINNED := --require-hashes --only-binary=:all:
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build
# Two processes: what the smallest machine of ours has, and PostgreSQL and loopback servers want their share.
WORKERS ?= 2
# How image-paperboy installs: --editable in a checkout, as a copy in the image.
INSTALL_AS ?=
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo run test check check-lint check-types check-house check-migrations check-container format bench soak lock image-packages image-paperboy clean

help: ## list what can be made
	@echo "Paperboy: the day's research papers, delivered. What can be made:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: .venv/run ## play a sample day through the whole pipeline, with no network; FRESH=1 starts over
	@.venv/bin/paperboy demo --out out $(if $(FRESH),--fresh)

run: .venv/run ## run the bot, with the settings in .env
	@.venv/bin/paperboy run

test: .venv/dev ## run all tests, on this machine only; ARGS="-k feed" chooses
	@NO_PROXY=127.0.0.1,localhost $(PY) -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

check: check-lint check-types check-house check-migrations check-container ## everything but the tests; -k goes on after a failure

check-lint: .venv/dev
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --quiet --check .

check-types: .venv/dev
	$(PY) -m mypy

check-house: .venv/dev
	$(PY) -m pytest --quiet tests/architecture

check-migrations: .venv/dev
	$(PY) -m migrations.check

check-container: .venv/dev
	.venv/bin/hadolint Dockerfile
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

format: .venv/dev ## put the code into its form
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format --quiet .

bench: .venv/dev ## measure a start, a whole day, full texts, summaries, deliveries, and how well figures are looked up
	@$(PY) -m tests.bench $(ARGS)

soak: .venv/dev ## kill, flood and cut it off for half an hour or more, on this machine only; ARGS="storm" chooses
	@NO_PROXY=127.0.0.1,localhost $(PY) -m tests.soak $(ARGS)

lock: .venv/dev ## pin what pyproject.toml asks for; ARGS=--upgrade takes what is newest
	.venv/bin/uv pip compile $(LOCK) $(ARGS) --output-file requirements.txt pyproject.toml
	.venv/bin/uv pip compile $(LOCK) $(ARGS) --constraint requirements.txt --group dev --output-file requirements-dev.txt pyproject.toml

clean: ## take away what was made, but nothing of yours: data/ and .env stay
	@rm -rf .venv out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

# The steps of setting up. The Dockerfile runs the same two, so that a test run has tried what the image holds.
image-packages: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is needed, and $(PYTHON) is not that; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(PY) && $(PY) -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) -m venv .venv >/dev/null; } \
		|| { rm -rf .venv; echo "$(PYTHON) lacks venv: install it (on Debian or Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@$(PIP) $(PINNED) -r requirements.txt

image-paperboy:
	@$(PIP) --no-index --no-deps --no-build-isolation $(INSTALL_AS) .

.venv/run: requirements.txt pyproject.toml
	@echo "Setting up .venv with what Paperboy needs (once; half a minute, more on a slow line) ..."
	@$(MAKE) --no-print-directory image-packages
	@$(MAKE) --no-print-directory image-paperboy INSTALL_AS=--editable
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Adding what tests and checks need (once; half a minute, more on a slow line) ..."
	@$(PIP) $(PINNED) -r requirements-dev.txt
	@touch $@
