# Two commands do everything on a machine with Python 3.11+, git and make:
#   make lab     JupyterLab with the panel, a demo notebook and the built-in model
#   make test    lint, types, Python, TypeScript, real browser, real small model
# Arguments for JupyterLab: make lab ARGS="--no-browser --port=8890"

export PATH := $(CURDIR)/.venv/bin:$(PATH)
ARGS ?=
PYTEST ?= pytest -m "not slow"

# The steps of `test` in their order, also under `make -j`.
.NOTPARALLEL:
.PHONY: help lab setup lint format test test-all faults test-python test-ts test-ui test-compat \
	test-release test-collab test-hub test-gateway bench docs pictures clean

help:
	@sed -n 's/^#   //p' Makefile

setup:
	@scripts/setup.sh

lab: setup
	@scripts/lab.sh $(ARGS)

lint: setup
	jlpm lint:check
	ruff check
	ruff format --check
	mypy
	jlpm test:types

format: setup
	jlpm lint
	ruff check --fix
	ruff format

test: lint test-python test-ts test-ui test-compat

test-all:
	GPT_FAULTS=all $(MAKE) test PYTEST=pytest
	$(MAKE) test-release test-collab test-hub test-gateway docs

# Providers that misbehave, servers killed, sockets cut, readers that do not read: the whole of
# it, with its tables and figures.
faults: setup
	pytest -s -q tests/faults tests/durability
	cd ui-tests && jlpm install --immutable
	cd ui-tests && GPT_FAULTS=all CHROMIUM="$$(../scripts/browser.sh)" \
	  GPT_UI_MODELS="$$(cd .. && python -m tests.weights)" \
	  jlpm playwright test tests/faults.spec.ts

test-python: setup
	$(PYTEST)

test-ts: setup
	# Silent: JupyterLab's own widgets write pages of warnings in a page without a browser.
	jlpm jest --coverage --silent

test-ui: setup
	scripts/test-ui.sh

test-compat: setup
	CHROMIUM="$$(scripts/browser.sh)" scripts/test-compat.sh

# The sdist, and the wheel made of it, without Node, on each Python that is here.
test-release: setup
	CHROMIUM="$$(scripts/browser.sh)" scripts/test-release.sh

test-collab: setup
	CHROMIUM="$$(scripts/browser.sh)" scripts/test-collab.sh

# Two users on a real JupyterHub, and behind a real LiteLLM proxy: each from the registries, in
# an environment of its own (.cache/hub, 400 MB; .cache/gateway, 750 MB).
test-hub: setup
	scripts/test-hub.sh

test-gateway: setup
	scripts/test-gateway.sh

# The documentation as pages: .cache/docs/html/docs/index.html.
docs: setup
	scripts/docs.sh

# The pictures of README and docs anew, by the browser tests that take them; look at them before
# they are committed.
pictures: setup
	scripts/pictures.sh

# How fast it is: what a stream costs the page and the server, what the start costs, beside bare
# pages and a bare proxy. Hours on a machine that does nothing else; one part of it with
# PARTS=stream, server or start; that all of it works, in some minutes, with BENCH_QUICK=1.
bench: setup
	scripts/bench.sh $(PARTS)

# What was built and what the tests left; .venv, node_modules and .cache/lab stay.
clean:
	rm -rf lib jupyterlab_gpt/labextension jupyterlab_gpt/_version.py tsconfig.tsbuildinfo \
	  build dist coverage .cache/stamps .eslintcache .stylelintcache .mypy_cache \
	  .pytest_cache .ruff_cache .hypothesis ui-tests/playwright-report \
	  ui-tests/test-results ui-tests/screenshots
	find jupyterlab_gpt tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
