# The two commands are `make demo` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
PACKAGES := chromium chromium-driver gettext postgresql python3-venv
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help install demo test check bench soak lock clean debian

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(STAMPS)/environment $(STAMPS)/sdk $(STAMPS)/network $(STAMPS)/messages ## Make .venv with the command, the browser SDK and the IP data

demo: $(STAMPS)/debian-demo install ## Run the course site and all consoles on one local address (PORT=8000)
	$(BIN)/python -m demo --port $(PORT) $(ARGS)

check: install ## What a machine can see in the code: form, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	cd sdk && npm run --silent check

test: $(STAMPS)/debian check ## Everything that CI runs, browser included
	cd sdk && npm test --silent
	$(BIN)/pytest -m "not soak" -n 3 --dist loadscope $(ARGS)

soak: $(STAMPS)/debian install ## The long fuzz, kill and endurance runs
	$(BIN)/pytest -m soak $(ARGS)

bench: install ## Run one bench: NAME=collector, import, console, dashboards, decision, integrity, sdk or simulate
	@test -n "$(NAME)" || { echo "Say which: make bench NAME=collector | import | console | dashboards | decision | integrity | sdk | simulate"; exit 2; }
	@$(BIN)/python -m bench $(NAME) $(ARGS)

lock: ## Pin every dependency anew, with hashes and without addresses
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras \
	  --no-emit-index-url --no-annotate --no-header pyproject.toml -o requirements.lock

clean: ## Remove what was built
	rm -rf $(VENV) $(STAMPS) build sdk/dist sdk/node_modules src/privet/web/static/built src/privet/network/data

$(STAMPS)/debian $(STAMPS)/debian-demo: scripts/debian.sh Makefile
	@mkdir -p $(STAMPS)
	@bash scripts/debian.sh $(if $(findstring demo,$@),python3-venv gettext,$(PACKAGES))
	@touch $@

$(STAMPS)/environment: requirements.lock pyproject.toml
	@mkdir -p $(STAMPS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { bash scripts/debian.sh python3-venv && rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/sdk: $(STAMPS)/environment $(wildcard sdk/src/*.ts sdk/src/*.css sdk/src/*/*.ts sdk/guard/*.ts sdk/guard/*.css sdk/guard/words/* sdk/charts/*.ts sdk/*.json sdk/*.mjs)
	cd sdk && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $@

$(STAMPS)/network: $(STAMPS)/environment src/privet/network/build.py
	$(BIN)/python -m privet.network.build
	@touch $@

$(STAMPS)/messages: $(STAMPS)/environment $(wildcard src/privet/*/locale/*/LC_MESSAGES/*.po)
	@command -v msgfmt >/dev/null || bash scripts/debian.sh gettext
	cd src/privet && ../../$(BIN)/django-admin compilemessages --verbosity 0
	@touch $@
