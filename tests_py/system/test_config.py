"""Configurations: from JSON, from Python objects, and what they are indexed to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from support.histories import SPOT, execution, quotes, spot, two_exchanges, two_instruments
from support.system_json import (
    BACKTEST_SHAPE,
    EXPIRY,
    FORTY_DIGITS,
    FUTURE,
    OPTION,
    PERPETUAL,
    SPEC,
    with_kind,
    write,
)

from barter_python import (
    ConfigError,
    DefaultStrategy,
    ExchangeId,
    IndexedInstruments,
    InstrumentConfig,
    MockExecutionConfig,
    SystemConfig,
    Underlying,
    UnknownKeyError,
    run_backtest,
)
from barter_python.instrument import InstrumentQuoteAsset, OptionExercise, OptionKind
from barter_python.system import (
    FutureContract,
    InstrumentSpec,
    OptionContract,
    OrderQuantityUnits,
    PerpetualContract,
    Spot,
)

CENT = Decimal("0.01")
RULES = InstrumentSpec(
    price_min=CENT,
    price_tick_size=CENT,
    quantity_unit="btc",
    quantity_min=CENT,
    quantity_increment=CENT,
    notional_min=5,
)


# Both ways


def test_both_shapes_and_python_objects_are_equal(real_config: SystemConfig) -> None:
    held: dict[str, Decimal | int] = {
        "usdt": 10_000,
        "btc": Decimal("0.1"),
        "eth": Decimal("1.0"),
        "sol": Decimal("10.0"),
    }
    latency = timedelta(milliseconds=100)
    made = SystemConfig(
        [spot("btc"), spot("eth"), spot("sol")],
        [MockExecutionConfig(SPOT, held, latency, fee_rate=Decimal("0.001"))],
    )
    assert made == real_config
    assert made.index() == real_config.index()
    assert hash(made.index()) == hash(real_config.index())
    assert made != two_instruments()


def test_the_shape_of_backtests(tmp_path: Path) -> None:
    read = SystemConfig.from_json(write(tmp_path / "backtest.json", BACKTEST_SHAPE))
    total = Decimal("98765432109.123456789012")
    assert read == SystemConfig(
        [spot("btc")],
        [
            MockExecutionConfig(
                SPOT,
                {"usdt": total, "btc": Decimal("0.1")},
                timedelta(milliseconds=100),
                fee_rate=Decimal("0.001"),
            )
        ],
        risk_free_return=Decimal("0.05"),
    )
    assert str(read.executions[0].balances["usdt"]) == str(total)
    assert str(read.executions[0].balances["btc"]) == "0.10"
    assert read == SystemConfig.from_json(str(tmp_path / "backtest.json"))
    assert read == SystemConfig.from_json_text(BACKTEST_SHAPE)


def test_a_system_alone_is_the_other_shape() -> None:
    document = json.loads(BACKTEST_SHAPE, parse_float=str)["system"]
    alone = SystemConfig.from_json_text(json.dumps(document).replace('"0.10"', "0.10"))
    whole = SystemConfig.from_json_text(BACKTEST_SHAPE)
    assert alone.instruments == whole.instruments
    assert alone.executions == whole.executions
    assert alone.risk_free_return == 0


@pytest.mark.parametrize(
    ("json_kind", "kind"),
    [
        ('"spot"', Spot.SPOT),
        (PERPETUAL, PerpetualContract(Decimal("0.001"), "usdt")),
        (FUTURE, FutureContract(10, "usd", EXPIRY)),
        (
            OPTION,
            OptionContract(
                1,
                "btc",
                OptionKind.CALL,
                OptionExercise.EUROPEAN,
                EXPIRY,
                strike=Decimal("100000.5"),
            ),
        ),
    ],
)
def test_kinds(
    json_kind: str, kind: Spot | PerpetualContract | FutureContract | OptionContract
) -> None:
    read = SystemConfig.from_json_text(with_kind(json_kind))
    made = InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt"), kind=kind)
    assert list(read.instruments) == [made]
    assert [one.name for one in read.index().instruments] == ["binancespot-btc_usdt"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ('"contract"', OrderQuantityUnits.CONTRACT),
        ('"quote"', OrderQuantityUnits.QUOTE),
        ('{"Asset": "btc"}', "btc"),
        ('"CONTRACT"', OrderQuantityUnits.CONTRACT),
        ('"Quote"', OrderQuantityUnits.QUOTE),
        ('{"asset": "btc"}', "btc"),
    ],
)
def test_spec(unit: str, expected: OrderQuantityUnits | str) -> None:
    text = with_kind('"spot"', SPEC.replace('"contract"', unit))
    cent = Decimal("0.01")
    assert SystemConfig.from_json_text(text).instruments[0].spec == InstrumentSpec(
        price_min=cent,
        price_tick_size=cent,
        quantity_unit=expected,
        quantity_min=1,
        quantity_increment=1,
        notional_min=5,
    )


def test_names_are_read_in_both_of_barters_spellings() -> None:
    text = BACKTEST_SHAPE.replace('"underlying_quote"', '"UnderlyingQuote"')
    assert SystemConfig.from_json_text(text) == SystemConfig.from_json_text(BACKTEST_SHAPE)
    base = BACKTEST_SHAPE.replace('"underlying_quote"', '"underlying_base"')
    quote = SystemConfig.from_json_text(base).instruments[0].quote
    assert quote is InstrumentQuoteAsset.UNDERLYING_BASE


# The warning


@pytest.mark.parametrize("fees", ["0.01", "0.05", "0.99"])
def test_high_fees_warn_at_the_callers_line(tmp_path: Path, fees: str) -> None:
    path = write(tmp_path / "fees.json", BACKTEST_SHAPE.replace("0.001", fees))
    with pytest.warns(UserWarning, match=r"fees_percent is 0\.\d+") as record:
        config = SystemConfig.from_json(path)
    assert config.executions[0].fee_rate == Decimal(fees)
    (warning,) = record
    assert f"{path}.system.executions[0].fees_percent" in str(warning.message)
    assert f"{Decimal(fees) * 100} %" in str(warning.message)
    assert warning.filename == __file__


@pytest.mark.parametrize("fees", ["0", "0.001", "0.00999"])
def test_low_fees_do_not_warn(fees: str) -> None:
    config = SystemConfig.from_json_text(BACKTEST_SHAPE.replace("0.001", fees))
    assert config.executions[0].fee_rate == Decimal(fees)


# Indices


def test_indices_are_barters_not_the_order_given() -> None:
    bases = ["sol", "btc", "eth"]
    indexed = IndexedInstruments([spot(base) for base in bases])
    names = [instrument.name for instrument in indexed.instruments]
    assert names == ["binancespot-btc_usdt", "binancespot-eth_usdt", "binancespot-sol_usdt"]
    for position, instrument in enumerate(indexed.instruments):
        assert instrument.index == position
        assert indexed.instrument_index(instrument.name) == position
        assert instrument.exchange == indexed.exchange_index(instrument.exchange_id) == 0
    for position, asset in enumerate(indexed.assets):
        assert asset.index == position
        assert indexed.asset_index(asset.exchange_id, asset.name) == position
        assert indexed.asset_index(asset.exchange_id, asset.name.upper()) == position
    assert len(indexed) == 3
    assert repr(indexed) == f"IndexedInstruments({', '.join(names)})"
    reordered = IndexedInstruments([spot(base) for base in sorted(bases)])
    assert reordered == indexed


def test_indices_of_two_exchanges() -> None:
    indexed = two_exchanges().index()
    assert indexed.exchanges == [ExchangeId.BINANCE_SPOT, ExchangeId.COINBASE]
    assert [asset.name for asset in indexed.assets] == ["btc", "usdt", "btc", "usd"]
    assert indexed.asset_index(ExchangeId.COINBASE, "btc") == 2
    coinbase = indexed.instruments[indexed.instrument_index("coinbase-btc_usd")]
    assert (coinbase.exchange, coinbase.exchange_id) == (1, ExchangeId.COINBASE)
    assert coinbase.underlying == Underlying(2, 3)
    assert coinbase.name_exchange == "BTCUSD"


@pytest.mark.parametrize(
    "look_up",
    [
        lambda indexed: indexed.instrument_index("BTCUSDT"),
        lambda indexed: indexed.asset_index(SPOT, "doge"),
        lambda indexed: indexed.asset_index(ExchangeId.KRAKEN, "btc"),
        lambda indexed: indexed.exchange_index(ExchangeId.KRAKEN),
    ],
)
def test_unknown_names(look_up: Callable[[IndexedInstruments], int]) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        look_up(two_instruments().index())
    assert isinstance(caught.value, LookupError)
    assert any(name in str(caught.value) for name in ("BTCUSDT", "doge", "kraken"))


def test_instruments_of_one_name_collide() -> None:
    perpetual = InstrumentConfig(
        SPOT, "BTCUSDT-PERP", Underlying("btc", "usdt"), kind=PerpetualContract(1, "usdt")
    )
    another = replace(perpetual, name_exchange="BTCUSDT-PERP2")
    with pytest.raises(ConfigError, match=r"BTCUSDT-PERP.*BTCUSDT-PERP2.*binancespot-btc_usdt"):
        SystemConfig([perpetual, another], [execution()]).index()


def test_assets_of_one_name_collide() -> None:
    with pytest.raises(ConfigError, match=r"binance_spot.*usdt"):
        SystemConfig([spot("btc", "usdt"), spot("eth", "USDT")], [execution()]).index()


def test_one_name_on_two_exchanges_does_not_collide() -> None:
    both = [spot("btc"), spot("btc", exchange=ExchangeId.COINBASE)]
    names = [instrument.name for instrument in IndexedInstruments(both).instruments]
    assert names == ["binancespot-btc_usdt", "coinbase-btc_usdt"]


def test_the_same_instrument_twice_is_one_or_refused() -> None:
    """barter removes doubles; what must not happen are two indices for one name."""
    try:
        indexed = IndexedInstruments([spot("btc"), spot("btc")])
    except ConfigError:
        return
    assert len(indexed) == len({one.name for one in indexed.instruments}) == 1


def test_no_instruments() -> None:
    with pytest.raises(ConfigError, match="instruments"):
        SystemConfig([], [execution()])
    with pytest.raises(ConfigError, match="instruments"):
        IndexedInstruments([])


# Mistakes in Python


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: execution(latency=timedelta(microseconds=-1)), "latency must not be negative"),
        (lambda: execution(fee_rate=Decimal("-0.1")), "fee_rate must be a fraction.*-0.1"),
        (lambda: execution(fee_rate=1), "fee_rate must be a fraction.*got 1"),
        (lambda: execution(fee_rate=Decimal("NaN")), "fee_rate: NaN"),
        (lambda: execution(fee_rate=Decimal("sNaN")), "fee_rate: sNaN"),
        (lambda: execution(balances={"usdt": -1}), "balance of 'usdt' must not be negative"),
        (lambda: execution(balances={"usdt": Decimal("Infinity")}), "balance of 'usdt': Infinity"),
        (lambda: execution(balances={"usdt": int(FORTY_DIGITS)}), FORTY_DIGITS),
        (lambda: SystemConfig([spot("btc")], [], Decimal("NaN")), "risk_free_return: NaN"),
        (lambda: spot(""), "base must not be blank"),
    ],
)
def test_wrong_values_in_python(make: Callable[[], object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        make()


@pytest.mark.parametrize(
    "field",
    ["price_min", "price_tick_size", "quantity_min", "quantity_increment", "notional_min"],
)
def test_rules_for_orders_have_no_negative_numbers(field: str) -> None:
    changed_rules: Callable[..., InstrumentSpec] = partial(replace, RULES)
    with pytest.raises(ValueError, match=rf"{field} must not be negative, got -0\.01"):
        changed_rules(**{field: -CENT})
    assert changed_rules(**{field: 0}) != RULES


def test_wrong_types_in_python() -> None:
    with pytest.raises(TypeError, match="fee_rate must be a Decimal or an int, got float"):
        execution(fee_rate=0.001)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"latency must be a timedelta, .*, got int"):
        execution(latency=100)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="'usdt' must be a Decimal or an int, got float"):
        execution(balances={"usdt": 0.5})  # type: ignore[dict-item]
    with pytest.raises(TypeError, match="mocked_exchange must be an ExchangeId"):
        execution("binance_spot")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="exchange must be an ExchangeId"):
        spot("btc", exchange="binance_spot")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="name_exchange must be a str"):
        InstrumentConfig(SPOT, 5, Underlying("btc", "usdt"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"underlying\.base must be a str"):
        InstrumentConfig(SPOT, "BTCUSDT", Underlying(0, 1))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="risk_free_return must be a Decimal or an int"):
        SystemConfig([spot("btc")], [], 0.5)  # type: ignore[arg-type]


def test_wrong_parts_name_their_argument() -> None:
    """An argument of another type must not surface later as a missing attribute."""
    with pytest.raises(TypeError, match="instruments"):
        SystemConfig(["btc"], [execution()]).index()  # type: ignore[list-item]
    with pytest.raises(TypeError, match="underlying"):
        InstrumentConfig(SPOT, "BTCUSDT", "btc")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="kind"):
        SystemConfig(
            [InstrumentConfig(SPOT, "BTCUSDT", Underlying("btc", "usdt"), kind="spot")],  # type: ignore[arg-type]
            [],
        ).index()


def test_numbers_of_contracts_are_checked_when_they_are_made() -> None:
    with pytest.raises(ValueError, match=f"contract_size: {FORTY_DIGITS}"):
        PerpetualContract(Decimal(FORTY_DIGITS), "usdt")


# What a run refuses


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (PERPETUAL, "has the contract size 0.001"),
        (PERPETUAL.replace("0.001", "1").replace("usdt", "btc"), "settled in"),
        (FUTURE, "has the contract size 10"),
        (OPTION, "is an option"),
    ],
)
def test_a_run_refuses_what_it_cannot_book(kind: str, reason: str) -> None:
    config = SystemConfig.from_json_text(with_kind(kind))
    with pytest.raises(ConfigError, match=f"binancespot-btc_usdt.*{reason}"):
        run_backtest(DefaultStrategy(), quotes(2), config)


def test_a_run_refuses_prices_in_the_base_asset() -> None:
    text = BACKTEST_SHAPE.replace('"underlying_quote"', '"underlying_base"')
    with pytest.raises(ConfigError, match=r"binancespot-btc_usdt is quoted in its base asset"):
        run_backtest(DefaultStrategy(), quotes(2), SystemConfig.from_json_text(text))


@pytest.mark.parametrize(
    ("executions", "reason"),
    [
        ([], "binance_spot.*no execution"),
        ([execution(balances={}), execution(balances={})], "binance_spot is configured twice"),
        (
            [execution(balances={}), execution(ExchangeId.KRAKEN, balances={})],
            "no instrument is on.*kraken",
        ),
        ([execution(balances={"doge": 1})], "doge"),
    ],
)
def test_executions_that_do_not_fit_are_refused(
    executions: list[MockExecutionConfig], reason: str
) -> None:
    with pytest.raises(ConfigError, match=f"executions.*{reason}"):
        SystemConfig([spot("btc")], executions)


def test_two_spellings_of_an_asset_are_refused() -> None:
    with pytest.raises(
        ValueError, match="balances has 'usdt' and 'USDT', which are the same asset"
    ):
        execution(balances={"usdt": 1, "USDT": 2})
