"""Every type that users see is known, by basedpyright's own count."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.public import MODULES

import barter_python
from barter_python import _core


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Ask for the types of the installed package, from elsewhere."""
    # It takes the package of the first Python on the path.
    interpreter = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{interpreter}{os.pathsep}{os.environ['PATH']}"}
    options = ("--verifytypes", "barter_python", "--ignoreexternal", "--outputjson")
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", *options],
        cwd=tmp_path_factory.mktemp("elsewhere"),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    answer: dict[str, Any] = json.loads(done.stdout)["typeCompleteness"]
    assert Path(answer["packageRootDirectory"]) == Path(barter_python.__file__).parent
    return answer


def test_every_type_is_known(found: dict[str, Any]) -> None:
    unclear = [
        f"{symbol['name']}: {[it['message'] for it in symbol['diagnostics']]}"
        for symbol in found["symbols"]
        if symbol["isExported"] and (not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"])
    ]
    assert unclear == []
    assert found["completenessScore"] == 1


def test_nothing_was_left_out(found: dict[str, Any]) -> None:
    # Without its stub the native module has no symbols, and all the others are known.
    counted = {symbol["name"] for symbol in found["symbols"]}
    public = {
        f"{module.__name__}.{name}"
        for module in (barter_python, *MODULES.values())
        for name in module.__all__
        if name != "__version__"
    }
    native = {
        f"barter_python._core.{name}"
        for module in MODULES.values()
        for name in module.__all__
        if isinstance(getattr(_core, name, None), type)
    }
    assert len(native) > 50
    assert (public | native) - counted == set()
    assert found["otherSymbolCounts"]["withUnknownType"] == 0
