# Two commands are enough for most: `make demo` and `make test`. `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
LANGUAGE_CODES ?= fi sv de
BIN := .venv/bin
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo run test check check-fast hooks prove faults claims browser setup setup-dev lock wheels messages bench screenshot clean-demo

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: setup  ## set everything up and run the demonstration on http://localhost:8000 (PORT=...)
	@PORT=$(PORT) .ci/demo-environment $(BIN)/python manage.py demo --port $(PORT)

run: setup  ## run for development (PORT=...): server and worker start again when code changes
	@PORT=$(PORT) .ci/development-environment $(BIN)/python manage.py run --port $(PORT)

test: setup-dev browser  ## set up and run the whole test suite, browser tests included
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

check: setup-dev  ## style, types, import rules, templates, deployment settings
	@.ci/check

check-fast: setup-dev  ## what of it takes seconds, and some tests: for every commit
	@.ci/check fast

hooks: setup-dev  ## let git call check-fast before every commit here
	@.ci/hooks

prove: setup-dev  ## attack the anonymity of answers on both databases, with figures (some minutes)
	@PROOF_POSTGRES_URL=$$(.ci/postgres-url 2>/dev/null || true) $(BIN)/python -m tests.proofs $(ARGS)

faults: setup-dev  ## kill, cut, fill and stall the running product, and count what is lost (many minutes)
	@.ci/system-packages faults || echo "Scenarios with a stepped clock will be left out."
	@FAULTS_POSTGRES_URL=$$(.ci/postgres-url 2>/dev/null || true) $(BIN)/python -m tests.faults $(ARGS)

claims: setup-dev  ## hold what the method claims against invented companies; writes docs/claims.md
	@$(BIN)/python -m tests.claims $(ARGS)

setup:
	@PYTHON=$(PYTHON) .ci/system-packages run
	@PYTHON=$(PYTHON) .ci/environment .venv requirements.txt
	@$(BIN)/python -m diagnostics.project.catalogues

setup-dev:
	@PYTHON=$(PYTHON) .ci/system-packages run
	@PYTHON=$(PYTHON) .ci/environment .venv requirements.txt requirements-dev.txt
	@$(BIN)/python -m diagnostics.project.catalogues

browser:
	@.ci/system-packages browser || echo "Browser tests will be skipped: Chromium is missing."

bench: setup-dev  ## measure qca and the release plan, or what NAME says; writes bench/*.md
	@case "$(NAME)" in ""|minimisation|truth_table) \
		PYTHON=$(PYTHON) .ci/environment .venv-bench requirements-bench.txt;; esac
	@$(BIN)/python -m bench $(NAME)

screenshot: setup-dev browser  ## take the picture in README.md anew
	@SCREENSHOT=docs/unit-page.png $(BIN)/python -m pytest -q tests/flows/test_whole_path.py

lock: setup  ## pin requirements again from the .in files
	@for name in requirements requirements-dev requirements-bench; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			$$name.in -o $$name.txt || exit 1; \
	done

wheels: setup-dev  ## build the wheels of the product and of qca alone into dist/
	@rm -rf build packaging/*/build
	@$(BIN)/python -m pip wheel --quiet --no-cache-dir --no-deps --no-build-isolation \
		--wheel-dir dist . ./packaging/qca

messages: setup-dev  ## collect the texts to translate into locale/ (LANGUAGE_CODES="fi sv de")
	@.ci/system-packages translations
	@$(BIN)/python manage.py makemessages $(addprefix --locale ,$(LANGUAGE_CODES))
	@$(BIN)/python -m diagnostics.project.catalogues

clean-demo:  ## throw the demonstration's data away
	rm -rf var/demo var/demo-keys var/demo-keys-copies
