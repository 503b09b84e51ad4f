# Each target is one command that you could type yourself; `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 16

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "pactgraph needs Python 3.11 or newer: set PYTHON=")'
	@echo 'Setting up .venv from requirements.lock, once: a minute or two'
	test -x .venv/bin/pip || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/.installed ## create .venv from the lock file, without starting anything

demo: install ## build the graph of the sample documents and serve it at http://127.0.0.1:8000
	.venv/bin/pactgraph demo

test: install ## run the quick tests
	.venv/bin/pytest -q -n auto --maxprocesses 4 -m "not slow and not browser and not jvm"

check: install ## lint, format, types, import rules
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

serve: install ## serve the data folder
	.venv/bin/pactgraph serve

gate: install ## measure the extraction on the annotated documents; fails below the floors
	mkdir -p build && .venv/bin/python tests/quality/extract.py tests/quality/documents/???.txt > build/claims.jsonl
	.venv/bin/python tests/quality/score.py build/claims.jsonl --part dev --gate
	.venv/bin/python tests/quality/score.py build/claims.jsonl --part test --gate

build/peers:
	$(PYTHON) -m venv $@ && $@/bin/python -m pip install --quiet --disable-pip-version-check oxigraph 'rdflib-endpoint[cli,web]' uvicorn

bench: install build/peers ## measure the endpoint beside others (needs PACTGRAPH_SHARED and wrk)
	.venv/bin/python tests/bench/sidebyside.py --peers build/peers --out build/benchmark.md

soak: install ## long forms of fuzz, misuse and kill tests, an hour; with PACTGRAPH_SOAK=0.1 a tenth
	PACTGRAPH_SOAK=$${PACTGRAPH_SOAK:-1} .venv/bin/pytest -q tests/server tests/product/test_serve.py tests/product/test_kill.py tests/product/test_soak.py tests/kg/test_fuzz_documents.py

earl: install ## run the W3C suites (needs PACTGRAPH_SHARED) and keep the report in docs/earl.ttl
	.venv/bin/pytest -q tests/w3c && cp build/earl.ttl docs/earl.ttl

lock: install ## renew requirements.lock
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --group dev --no-header --no-annotate pyproject.toml -o requirements.lock

wheel: install ## build the wheel into dist/
	.venv/bin/hatchling build -t wheel

clean: ## remove what building and testing left; keeps .venv and data folders
	rm -rf dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: help install demo test check serve gate bench soak earl lock wheel clean
