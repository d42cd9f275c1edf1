"""Names of instruments: looked up, given in events, and of several contracts of one pair."""

from __future__ import annotations

import pickle
from datetime import datetime, timezone
from decimal import Decimal
from itertools import permutations

import pytest
from support.histories import SPOT, START_NS, OnMarketEvents, at, l1, two_instruments

import barter_python as bp
from barter_python.instrument import (
    FutureContract,
    InstrumentKind,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
)

OKX = bp.ExchangeId.OKX
JUNE = datetime(2024, 6, 28, 8, tzinfo=timezone.utc)
SEPTEMBER = datetime(2024, 9, 27, 8, tzinfo=timezone.utc)


def instrument(
    name: str, kind: InstrumentKind = Spot.SPOT, base: str = "BTC"
) -> bp.InstrumentConfig:
    return bp.InstrumentConfig(OKX, name, bp.Underlying(base, "USDT"), kind=kind)


def option(kind: OptionKind, strike: Decimal | int) -> OptionContract:
    return OptionContract(1, "USDT", kind, OptionExercise.EUROPEAN, JUNE, strike=strike)


COIN = instrument("BTC-USDT")
SWAP = instrument("BTC-USDT-SWAP", PerpetualContract(1, "USDT"))
FUTURE = instrument("BTC-USDT-240628", FutureContract(1, "USDT", JUNE))
LATER = instrument("BTC-USDT-240927", FutureContract(1, "USDT", SEPTEMBER))
CALL = instrument("C", option(OptionKind.CALL, Decimal("60000.50")))
PUT = instrument("P", option(OptionKind.PUT, 60_000))
NAMES = {
    "BTC-USDT": "okx-btc_usdt",
    "BTC-USDT-SWAP": "okx-btc_usdt-perpetual",
    "BTC-USDT-240628": "okx-btc_usdt-future-20240628",
    "BTC-USDT-240927": "okx-btc_usdt-future-20240927",
    "C": "okx-btc_usdt-option-20240628-60000.5-call",
    "P": "okx-btc_usdt-option-20240628-60000-put",
}


def names(*configs: bp.InstrumentConfig) -> dict[str, str]:
    indexed = bp.IndexedInstruments(configs)
    for known in indexed.instruments:
        assert indexed.instrument_index(known.name) == known.index
        assert indexed.instrument_index((OKX, known.name_exchange)) == known.index
    return {known.name_exchange: known.name for known in indexed.instruments}


def test_contracts_of_one_pair_are_told_apart_by_what_they_are() -> None:
    assert names(COIN, SWAP, FUTURE, LATER, CALL, PUT) == NAMES


def test_the_order_of_the_configuration_does_not_matter() -> None:
    for configs in permutations([COIN, SWAP, FUTURE]):
        assert names(*configs).items() <= NAMES.items()


def test_a_name_that_nothing_else_has_stays_as_barter_has_it() -> None:
    for alone in (COIN, SWAP, FUTURE, CALL):
        assert list(names(alone, instrument("ETH-USDT", base="ETH")).values()) == [
            "okx-btc_usdt",
            "okx-eth_usdt",
        ]
    assert names(SWAP, SWAP) == {"BTC-USDT-SWAP": "okx-btc_usdt"}


def test_the_full_name_is_found_also_where_the_plain_one_would_do() -> None:
    indexed = bp.IndexedInstruments([SWAP, instrument("ETH-USDT", base="ETH")])
    assert indexed.instrument_index("okx-btc_usdt-perpetual") == 0
    assert indexed.instrument_index("okx-eth_usdt-spot") == 1
    with pytest.raises(
        bp.UnknownKeyError, match=r"there are \[\"okx-btc_usdt\", \"okx-eth_usdt\"\]"
    ):
        indexed.instrument_index("okx-btc_usdt-spot")


def test_contracts_that_cannot_be_told_apart_are_refused() -> None:
    other = instrument("BTC-USDT-PERP", PerpetualContract(10, "USDT"))
    with pytest.raises(bp.ConfigError, match='one internal name, "okx-btc_usdt-perpetual"'):
        bp.IndexedInstruments([COIN, SWAP, other])
    with pytest.raises(bp.ConfigError, match='one internal name, "okx-btc_usdt"'):
        bp.IndexedInstruments([COIN, instrument("BTCUSDT")])


def test_the_names_are_kept_by_pickling() -> None:
    indexed = bp.IndexedInstruments([COIN, SWAP])
    assert repr(pickle.loads(pickle.dumps(indexed))) == repr(indexed)


def test_spot_and_perpetual_are_traded_beside_each_other() -> None:
    config = bp.SystemConfig(
        [COIN, SWAP],
        [bp.MockExecutionConfig(OKX, {"usdt": 10_000}, liquidity=bp.Liquidity.INFINITE)],
    )
    indexed = config.index()
    data = bp.MarketData.from_events(
        [
            event
            for number in range(3)
            for event in (
                l1(number, str(100 + number), str(100 + number), instrument=0, exchange=OKX),
                l1(number, str(110 + number), str(110 + number), instrument=1, exchange=OKX),
            )
        ]
    )

    def basis(state: bp.EngineView) -> bp.Orders:
        coin = state.instrument("okx-btc_usdt")
        swap = state.instrument((OKX, "BTC-USDT-SWAP"))
        assert coin.price == 100
        assert swap.price == 110
        assert (coin.kind, swap.definition) == (Spot.SPOT, SWAP)
        return [], [
            coin.market_order(bp.Side.BUY, 1, strategy_id="basis"),
            swap.market_order(bp.Side.SELL, 2, strategy_id="basis"),
        ]

    result = bp.run_backtest(OnMarketEvents({1: basis}), data, config)
    assert [fill.instrument for fill in result.fills] == [0, 1]
    assert [fill.price for fill in result.fills] == [100, 110]
    # Up by two each: 2 - 4.
    assert result.pnl == {"usdt": -2}
    assert list(result.statistics) == [known.name for known in indexed.instruments]
    assert len(indexed) == len(result.summary.instruments) == 2


TICK = bp.PublicTrade("1", price=100, amount=1, side=bp.Side.BUY)


def named(name: str, exchange: bp.ExchangeId = SPOT, seconds: int = 0) -> bp.NamedMarketEvent:
    time = at(1000 * seconds)
    return bp.NamedMarketEvent(time, time + 1, exchange, name, TICK)


def test_events_that_name_their_instrument_get_its_index() -> None:
    config = two_instruments()
    # The configuration has ether first, the index has bitcoin first.
    assert [one.name_exchange for one in config.instruments] == ["ETHUSDT", "BTCUSDT"]
    events: list[bp.MarketEvent | bp.NamedMarketEvent | bp.Reconnecting] = [
        named("ETHUSDT"),
        named("BTCUSDT", seconds=1),
        named("binancespot-eth_usdt", seconds=2),
        l1(3000, "1", "2"),
        bp.Reconnecting(SPOT),
    ]
    data = bp.MarketData.from_events(events, instruments=config.index())
    found = [event.instrument for event in data if isinstance(event, bp.MarketEvent)]
    assert found == [1, 0, 1, 0]
    assert data[0] == bp.MarketEvent(START_NS, START_NS + 1, SPOT, 1, TICK)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (named("XRPUSDT"), r"event 0: no instrument on binance_spot is called .XRPUSDT. there"),
        (named("BTCUSDT", OKX), "event 0: no instrument is on the exchange .okx."),
        (l1(0, "1", "2", instrument=2), r"event 0: there is no instrument 2; .* has 2 \(0 to 1\)"),
        (bp.Reconnecting(OKX), "event 0: no instrument is on the exchange .okx."),
    ],
)
def test_events_of_unknown_instruments_are_refused(
    event: bp.MarketEvent | bp.NamedMarketEvent | bp.Reconnecting, message: str
) -> None:
    with pytest.raises(bp.MarketDataError, match=message):
        bp.MarketData.from_events([event], instruments=two_instruments().index())


def test_a_name_of_another_exchange_is_refused() -> None:
    config = bp.IndexedInstruments([COIN, *two_instruments().instruments])
    with pytest.raises(
        bp.MarketDataError, match="which is on okx, but the event is of binance_spot"
    ):
        bp.MarketData.from_events([named("okx-btc_usdt")], instruments=config)


def test_a_name_needs_instruments_to_look_it_up_in() -> None:
    with pytest.raises(TypeError, match=r"names its instrument, .*instruments=config.index\(\)"):
        bp.MarketData.from_events([named("BTCUSDT")])


@pytest.mark.parametrize("key", [0, None, (SPOT,), ("binance_spot", "BTCUSDT"), b"BTCUSDT"])
def test_other_keys_are_refused(key: object) -> None:
    look_up = two_instruments().index().instrument_index
    with pytest.raises(TypeError, match="looked up by its name, or a pair of ExchangeId"):
        look_up(key)  # type: ignore[arg-type]  # the mistake
