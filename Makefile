# Everything that is done here by name; `make` alone lists the names.
#
# One cargo profile (release) serves wheel, stubs and Rust tests, so that barter is compiled once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BUILD := .build
CARGO_FLAGS := --release --locked

# The Rust tests and the stub generator embed the interpreter and need its library at run time.
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python
LIBPYTHON = LD_LIBRARY_PATH="$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_config_var("LIBDIR"))'):$$LD_LIBRARY_PATH"

.DEFAULT_GOAL := help
.PHONY: help demo examples test bench stubs wheel lint develop clean \
	rust-lint python-lint rust-test stubs-check install alignment typecheck pytest pytest-others

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

test: lint rust-test stubs-check install alignment typecheck pytest pytest-others ## set up, build, and run every check

bench: install ## measure, print a table and write target/bench.json
	$(BIN)/python benchmarks/run.py

stubs: $(BUILD)/venv ## regenerate stubs/ from the Rust source
	$(LIBPYTHON) cargo run $(CARGO_FLAGS) --quiet --bin stub_gen

wheel: $(BUILD)/venv ## build the wheel and the source distribution into dist/
	rm -rf dist
	# Not `build --sdist`: it builds from the unpacked archive, whose old dates let cargo take stale
	# artifacts for fresh.
	$(BIN)/maturin build $(CARGO_FLAGS) --quiet --out dist
	$(BIN)/maturin sdist --out dist

lint: rust-lint python-lint ## rustfmt, clippy, ruff

develop: $(BUILD)/venv ## build into .venv so that changes in src/ are seen at once
	$(BIN)/maturin develop $(CARGO_FLAGS)

clean: ## remove what was built, but for the environment
	rm -rf dist $(BUILD)/venv-* target

$(BUILD)/venv: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --group dev
	mkdir -p $(BUILD)
	touch $@

rust-lint: $(BUILD)/venv
	cargo fmt --check
	cargo clippy $(CARGO_FLAGS) --all-targets --quiet -- -D warnings

python-lint: $(BUILD)/venv
	$(BIN)/ruff check
	$(BIN)/ruff format --check

rust-test: $(BUILD)/venv
	$(LIBPYTHON) cargo test $(CARGO_FLAGS) --quiet
	cargo build $(CARGO_FLAGS) --quiet --examples

# The committed stub is what the Rust source says.
stubs-check: $(BUILD)/venv
	$(LIBPYTHON) cargo run $(CARGO_FLAGS) --quiet --bin stub_gen -- --check

# The wheel, not the source tree, is what the tests import.
install: wheel
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps dist/*.whl

# What the wheel holds, and whether its stub agrees with its native module: run from elsewhere, so
# that neither sees the source tree.
alignment: install
	$(BIN)/python tests_py/check_wheel.py dist/*.whl dist/*.tar.gz
	cd $(BUILD) && ../$(BIN)/python -m mypy.stubtest barter_python --ignore-disjoint-bases
	$(BIN)/python tests_py/check_user_project.py
	$(BIN)/python tests_py/check_editor.py

typecheck: $(BUILD)/venv
	$(BIN)/mypy

pytest: install
	$(BIN)/python -m pytest -q

# The one wheel on the oldest and the newest interpreter, where they are at hand.
pytest-others: install
	@for version in 3.10 3.13; do \
		for python in python$$version "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python; do \
			"$$python" -c 'import sys; sys.exit(sys.version_info[:2] != tuple(map(int, "'$$version'".split("."))))' 2>/dev/null || continue; \
			echo "CPython $$version"; \
			test -d $(BUILD)/venv-$$version || "$$python" -m venv $(BUILD)/venv-$$version || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pip install --quiet --upgrade 'pip>=25.1' || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pip install --quiet --group dev || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pip install --quiet --force-reinstall --no-deps dist/*.whl || exit 1; \
			$(BUILD)/venv-$$version/bin/python -m pytest -q || exit 1; \
			break; \
		done; \
	done
