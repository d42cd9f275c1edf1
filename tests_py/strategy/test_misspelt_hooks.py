"""A method whose name is nearly a hook's would never be called: its class warns."""

from __future__ import annotations

import warnings

import pytest

import barter_python as bp
from barter_python import Strategy

HOOKS = [
    name for name, item in vars(Strategy).items() if callable(item) and not name.startswith("_")
]


def subclass(*names: str, base: type[Strategy] = Strategy) -> type[Strategy]:
    """Make a class with these methods."""
    return type("Mine", (base,), {name: lambda self, *_: None for name in names})


@pytest.mark.parametrize(
    ("name", "hook"),
    [
        ("on_disconnected", "on_disconnect"),
        ("on_fills", "on_fill"),
        ("on_position_close", "on_position_closed"),
        ("on_trading_disable", "on_trading_disabled"),
        ("generate_orders", "generate_algo_orders"),
        ("generate_algo_order", "generate_algo_orders"),
        ("close_position_requests", "close_positions_requests"),
        ("onstart", "on_start"),
        ("instruments_data", "instrument_data"),
    ],
)
@pytest.mark.parametrize("base", [Strategy, bp.DefaultStrategy])
def test_the_nearest_hook_is_named(name: str, hook: str, base: type[Strategy]) -> None:
    with pytest.warns(UserWarning, match=rf"^Mine\.{name} is never called: .* hook {hook}\?") as it:
        subclass(name, base=base)
    assert len(it) == 1


def test_the_warning_is_of_the_line_of_the_class() -> None:
    with pytest.warns(UserWarning, match="on_fil ") as caught:

        class Mine(Strategy):  # the line that the warning is of
            def on_fil(self) -> None: ...

    assert caught[0].filename == __file__
    assert caught[0].lineno == Mine.on_fil.__code__.co_firstlineno - 1


def test_hooks_and_other_names_do_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        subclass(*HOOKS)
        subclass("wanted", "orders", "_on_fills", "signal", "quantity", "buy", "update", "reset")


def test_a_class_warns_of_its_own_methods_only() -> None:
    with pytest.warns(UserWarning, match="on_fills"):
        mine = subclass("on_fills")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        subclass("on_fills", base=mine)
        subclass("on_start", base=mine)


def test_every_hook_is_guarded() -> None:
    assert {"generate_algo_orders", "on_fill", "on_disconnect", "global_data"} <= set(HOOKS)
    for hook in HOOKS:
        with pytest.warns(UserWarning, match=rf"the hook {hook}\?"):
            subclass(f"{hook}_")
