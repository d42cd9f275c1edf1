"""Every example in the documentation runs, and says what it is said to say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import barter_python
from barter_python import cli

ROOT = Path(__file__).parent.parent
MODULES = [
    "backtest",
    "data",
    "engine",
    "errors",
    "execution",
    "instrument",
    "logging",
    "risk",
    "statistic",
    "strategy",
    "system",
]

# Public functions, and classes that are made by hand, have an example each.
WITH_EXAMPLES = [
    "backtest.run_backtest",
    "data.MarketData",
    "data.OrderBook",
    "data.OrderBookSnapshot",
    "data.OrderBookUpdate",
    "execution.ClientOrderId",
    "instrument.IndexedInstruments",
    "instrument.Underlying",
    "statistic.CalmarRatio",
    "statistic.DataSetSummary",
    "statistic.Dispersion",
    "statistic.DrawdownGenerator",
    "statistic.MaxDrawdownGenerator",
    "statistic.MeanDrawdownGenerator",
    "statistic.PnLReturns",
    "logging.disable_logging",
    "logging.enable_logging",
    "risk.CheckHigherThan",
    "risk.RiskDecision.of",
    "risk.RiskLimits",
    "risk.RiskManager",
    "statistic.PositionStatistics.of",
    "statistic.ProfitFactor",
    "statistic.Range",
    "statistic.RateOfReturn",
    "statistic.SharpeRatio",
    "statistic.SortinoRatio",
    "statistic.TearSheetAssetGenerator",
    "statistic.TearSheetGenerator",
    "statistic.TradingSummaryGenerator",
    "statistic.WinRate",
    "statistic.calculate_mean",
    "statistic.calculate_population_variance",
    "statistic.calculate_recurrence_relation_m",
    "statistic.calculate_sample_variance",
    "strategy.DefaultStrategy",
    "strategy.EngineState.instruments_iter",
    "strategy.InstrumentFilter",
    "strategy.Strategies",
    "strategy.Strategy",
    "strategy.StrategyGroup",
    "strategy.build_ioc_market_order_to_close_position",
    "strategy.cancel_all_orders_on_disconnect",
    "strategy.close_all_positions_on_trading_disabled",
    "strategy.close_open_positions_with_market_orders",
    "strategy.close_positions_of_strategy",
    "system.InstrumentConfig",
    "system.SystemConfig",
]


def docstrings() -> dict[str, str]:
    """Docstrings of all public items; doctest itself passes over native ones."""
    found: dict[str, str] = {}
    for module_name in MODULES:
        module = importlib.import_module(f"barter_python.{module_name}")
        for name in module.__all__:
            item = vars(module)[name]
            if not (inspect.isclass(item) or callable(item)):
                continue
            found[f"{module_name}.{name}"] = inspect.getdoc(item) or ""
            for member_name, member in vars(item).items() if inspect.isclass(item) else ():
                # Defaults of dataclass fields are no members of their own.
                own = callable(member) or isinstance(member, (property, classmethod, staticmethod))
                if not member_name.startswith("_") and (own or inspect.isdatadescriptor(member)):
                    member_doc = inspect.getdoc(getattr(item, member_name, member))
                    found[f"{module_name}.{name}.{member_name}"] = member_doc or ""
    for item in (
        barter_python.build_ioc_market_order_to_close_position,
        barter_python.wrapped_crates,
    ):
        found[f"native {item.__name__}"] = inspect.getdoc(item) or ""
    return found


EXAMPLES = {name: text for name, text in docstrings().items() if ">>>" in text}


@pytest.mark.parametrize("name", EXAMPLES)
def test_docstring(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    module_name, _, _ = name.partition(".")
    names = dict(vars(barter_python))
    if module_name in MODULES:
        names |= vars(importlib.import_module(f"barter_python.{module_name}"))
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], names, name, None, None)
    runner = doctest.DocTestRunner(verbose=False)
    report: list[str] = []
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
    assert test.examples


def test_what_users_meet_has_an_example() -> None:
    assert set(WITH_EXAMPLES) <= set(EXAMPLES)
    functions = {
        f"{module_name}.{name}"
        for module_name in MODULES
        for name, item in vars(importlib.import_module(f"barter_python.{module_name}")).items()
        if name in importlib.import_module(f"barter_python.{module_name}").__all__
        and inspect.isroutine(item)
        and module_name != "statistic"
    }
    assert functions <= set(EXAMPLES), functions - set(EXAMPLES)


def test_everything_public_is_documented() -> None:
    silent = [
        name
        for name, text in docstrings().items()
        if not text.strip() and not name.startswith("instrument.ExchangeId.")
    ]
    assert silent == []


PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_say_what_happens(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"^```(\w+)$", text, flags=re.MULTILINE)) <= {"pycon", "python"}
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
    assert len(test.examples) == text.count(">>>")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_of_pages_runs(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.syspath_prepend(ROOT)
    names: dict[str, object] = {"__name__": "page"}
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "page", sys)
    text = page.read_text(encoding="utf-8")
    for block in re.findall(r"^```python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE):
        exec(compile(block, page.name, "exec"), names)


README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)


def test_readme_has_no_other_blocks() -> None:
    languages = re.findall(r"^```(\w+)$", README, flags=re.MULTILINE)
    assert set(languages) == {"console", "python", "text"}


def test_readme_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    strategy, *others = blocks("python")
    path = ROOT / "examples" / "ema_cross.py"
    assert strategy == path.read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "readme", "__file__": str(path)}
    # Dataclasses look their module up.
    monkeypatch.setitem(sys.modules, "readme", sys)
    for text in [strategy, *others]:
        exec(compile(text, "README.md", "exec"), names)
    assert blocks("text") == [capsys.readouterr().out]


def test_readme_commands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = {"dist/*.whl", "barter-python[cli]"}
    for line in "".join(blocks("console")).splitlines():
        words = shlex.split(line.removeprefix("$ "))
        match words:
            case ["make", target]:
                assert re.search(rf"^{target}:.*##", makefile, flags=re.MULTILINE), line
            case ["python", "-m", "pip", "install", what]:
                assert what in installs
            case ["barter-python", "backtest", *arguments]:
                assert cli.main(["backtest", *arguments]) == 0
                assert [capsys.readouterr().out] == blocks("text")
            case ["barter-python", *arguments]:
                assert cli.main(arguments) == 0
                assert "50000 events" in capsys.readouterr().out
            case _:
                pytest.fail(f"nothing runs {line!r}")


def test_example_prints_the_readme_s_table() -> None:
    run = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "ema_cross.py")],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert blocks("text") == [run.stdout]
    assert run.stderr == ""
