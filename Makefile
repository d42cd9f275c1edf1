# Everything that is done here by name; `make` alone lists the names.
#
# One cargo profile (release) serves wheel, stubs and Rust tests, so that barter is compiled once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
BUILD := .build
CARGO_FLAGS := --release --locked
# v0.1.0: the API that `api-check` compares with.
BASELINE := bd7220a6ed13fe8a90f88df36ec6ded74062974f
# The stub for tools that read `src/`. A wheel gets its own from the build script.
SOURCE_STUB := src/barter_python/_core.pyi
# A change of one file is built again in half the time. What is measured, and what is kept (`make wheel`),
# is built without: its code is a little slower.
test rust-lint rust-test stubs stubs-check develop alignment pytest pytest-others test-report drift-drills: \
	export CARGO_INCREMENTAL ?= 1
# A worker for each processor; one that has nothing left takes tests from another.
PYTEST := -m pytest -q --numprocesses auto --maxprocesses 4 --dist worksteal
# What the wheel says of the code of others. LICENSE is ours.
THIRD_PARTY := LICENSE-THIRD-PARTY LICENSE-RUST-STD.html

# The Rust tests embed the interpreter and need its library at run time.
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python
LIBPYTHON = LD_LIBRARY_PATH="$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))'):$$LD_LIBRARY_PATH"

.DEFAULT_GOAL := help
.PHONY: help demo examples test bench stubs wheel licenses release-check lint develop deny api-check clean \
	rust-lint python-lint rust-test stubs-check install alignment typecheck pytest pytest-others test-report \
	drift-drills docs

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

demo: install ## set up, build, and run the EMA crossing over real data
	$(BIN)/python -m pip install --quiet "$$(echo dist/*.whl)[cli]"
	$(BIN)/python examples/ema_cross.py

examples: install ## set up, build, and run every example
	@for example in examples/*.py; do \
		printf '\n%s\n\n' "$$example"; \
		$(BIN)/python "$$example" || exit 1; \
	done

test: lint rust-test stubs-check install alignment typecheck api-check pytest pytest-others ## set up, build, and run every check

bench: install ## measure, print a table and write target/bench.json
	$(BIN)/python benchmarks/run.py

# The module itself says what is in its stub: nothing but the module is compiled.
stubs: develop ## regenerate stubs/ from the Rust source
	$(BIN)/python rust/stub_gen.py
	cp stubs/barter_python/_core.pyi $(SOURCE_STUB)

wheel: $(BUILD)/venv ## build the wheel and the source distribution into dist/
	rm -rf dist $(THIRD_PARTY)
	# Not `build --sdist`: it builds from the unpacked archive, whose old dates let cargo take stale
	# artifacts for fresh.
	# The archive comes first: the licenses are those of one platform.
	$(BIN)/maturin sdist --out dist
	$(MAKE) --no-print-directory licenses
	$(BIN)/maturin build $(CARGO_FLAGS) --quiet --out dist

licenses: $(BUILD)/venv ## write the license texts of the crates that a wheel of this platform links
	$(BIN)/python rust/third_party_licenses.py

release-check: wheel ## try the wheel and the source distribution in empty environments
	$(BIN)/python tests_py/package/check_installed.py dist/*.whl
	$(BIN)/python tests_py/package/check_installed.py dist/*.tar.gz

docs: install $(SOURCE_STUB) ## build the site of the documentation into .build/site
	$(BIN)/python docs/site/build.py

lint: rust-lint python-lint ## rustfmt, clippy, ruff

develop: $(BUILD)/venv ## build into .venv so that changes in src/ are seen at once
	$(BIN)/maturin develop $(CARGO_FLAGS)

deny: ## check licenses, sources and duplicates of crates (needs cargo-deny)
	@cargo deny --version >/dev/null 2>&1 || { \
		echo 'make deny: cargo-deny is missing: cargo install --locked cargo-deny' >&2; exit 1; }
	cargo deny --offline check licenses bans sources

# A copy without the project's history, and an interpreter without griffe, have nothing to compare.
api-check: $(BUILD)/venv $(SOURCE_STUB) ## fail if the changelog misses what is gone or changed since BASELINE
	@if git cat-file -e $(BASELINE) 2>/dev/null && $(BIN)/python -c 'import griffe' 2>/dev/null; then \
		$(BIN)/python tests_py/package/check_api.py $(BASELINE); \
	else \
		echo 'api-check: not tried: it needs the history of this repository, and CPython 3.11 or later'; \
	fi

clean: ## remove what was built, but for the environment
	rm -rf dist $(THIRD_PARTY) $(SOURCE_STUB) $(BUILD)/venv-* $(BUILD)/docs $(BUILD)/site target

$(BUILD)/venv: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev --group docs
	mkdir -p $(BUILD)
	touch $@

$(SOURCE_STUB): stubs/barter_python/_core.pyi
	cp $< $@

rust-lint: $(BUILD)/venv ## rustfmt and clippy
	cargo fmt --check
	cargo clippy $(CARGO_FLAGS) --all-targets --quiet -- -D warnings

python-lint: $(BUILD)/venv ## ruff
	$(BIN)/ruff check
	$(BIN)/ruff format --check

rust-test: $(BUILD)/venv ## the Rust tests
	$(LIBPYTHON) cargo test $(CARGO_FLAGS) --quiet
	cargo build $(CARGO_FLAGS) --quiet --examples

stubs-check: install ## fail if stubs/ is not what the Rust source says
	$(BIN)/python rust/stub_gen.py --check

# The wheel, not the source tree, is what the tests import.
install: wheel ## build, and install the wheel into .venv
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps dist/*.whl

# What the wheel holds, and whether its stub agrees with its native module: run from elsewhere, so
# that neither sees the source tree.
alignment: install ## check wheel, stub and editors against the installed package
	$(BIN)/python tests_py/package/check_wheel.py dist/*.whl dist/*.tar.gz
	cd $(BUILD) && ../$(BIN)/python -m mypy.stubtest barter_python --ignore-disjoint-bases
	$(BIN)/python tests_py/package/check_user_project.py
	cd tests_py && ../$(BIN)/python -m editors

# Each is one change of Rust or Python that a checker, a test or the check of the wheel must name.
drift-drills: install ## try mistakes of ours in a copy, and show that the gate catches each
	cd tests_py && ../$(BIN)/python -m drills

typecheck: $(BUILD)/venv $(SOURCE_STUB) ## mypy
	$(BIN)/mypy

pytest: install ## the Python tests, against the installed wheel
	$(BIN)/python $(PYTEST)

# `make pytest` opens the reports too if it finds a browser; this fails without.
test-report: install ## the reports in a real browser (needs Chromium)
	BARTER_NEEDS_CHROMIUM=1 $(BIN)/python -m pytest -q tests_py/report

# The one wheel, where these interpreters are at hand.
pytest-others: install ## the Python tests on the oldest and the newest interpreter
	@for version in 3.10 3.13; do \
		for python in python$$version "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python; do \
			"$$python" -c 'import sys; sys.exit(sys.version_info[:2] != tuple(map(int, "'$$version'".split("."))))' 2>/dev/null || continue; \
			echo "CPython $$version"; \
			test -d $(BUILD)/venv-$$version || "$$python" -m venv $(BUILD)/venv-$$version || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pip install --quiet --upgrade 'pip>=25.1' || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pip install --quiet --group dev || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pip install --quiet --force-reinstall --no-deps dist/*.whl || exit 1; \
			$(BUILD)/venv-$$version/bin/python $(PYTEST) \
				--ignore=tests_py/typing/test_checkers.py || exit 1; \
			break; \
		done; \
	done
