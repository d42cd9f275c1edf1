"""What venues send and expect, written by hand in the form that they document, with own values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from decimal import Decimal
from typing import TypeAlias

from barter_python import (
    ExchangeId,
    InstrumentConfig,
    Level,
    Liquidation,
    OrderBook,
    OrderBookL1,
    OrderBookSnapshot,
    OrderBookUpdate,
    PublicTrade,
    Side,
    Underlying,
)
from barter_python.instrument import (
    FutureContract,
    InstrumentKind,
    OptionContract,
    OptionExercise,
    OptionKind,
    PerpetualContract,
    Spot,
)
from barter_python.streams import SubKind

Kind: TypeAlias = PublicTrade | OrderBookL1 | OrderBookSnapshot | OrderBookUpdate | Liquidation

MS = 1_700_000_000_123
TIME = datetime(2023, 11, 14, 22, 13, 20, 123_000, timezone.utc)
"""`MS` as a time."""
EXPIRY = datetime(2024, 3, 29, 8, tzinfo=timezone.utc)
SEQUENCE = 7_961_638_700
"""Of Bybit's two numbers of a book, `u` and `seq`, barter's book has the second."""
PERPETUAL = PerpetualContract(contract_size=1, settlement_asset="usdt")
FUTURE = FutureContract(contract_size=1, settlement_asset="usdt", expiry=EXPIRY)
OPTION = OptionContract(
    contract_size=1,
    settlement_asset="usdt",
    kind=OptionKind.CALL,
    exercise=OptionExercise.EUROPEAN,
    expiry=EXPIRY,
    strike=70_000,
)

TRADE_TOLD, L1_TOLD = SubKind.PUBLIC_TRADES, SubKind.ORDER_BOOKS_L1
L2_TOLD, LIQUIDATION_TOLD = SubKind.ORDER_BOOKS_L2, SubKind.LIQUIDATIONS


@dataclass(frozen=True)
class Case:
    """One venue's stream of one kind: what goes out, what comes in, and what it means."""

    exchange: ExchangeId
    kind: SubKind
    market: str
    instrument_kind: InstrumentKind
    request: object
    """What the client must send, as JSON."""
    answers: list[object]
    """What the venue sends before its answer counts as given, and the answer."""
    frames: list[object]
    """What the venue sends then."""
    events: list[Kind]
    """What the frames mean."""
    times: list[datetime] = field(default_factory=list)
    """When it happened, by the venue's clock; empty if the venue does not say."""
    rest: dict[str, object] = field(default_factory=dict)
    """By path and query, what the venue answers to requests."""

    def instrument(self) -> InstrumentConfig:
        """Give the instrument."""
        return InstrumentConfig(
            self.exchange, self.market, Underlying("btc", "usdt"), kind=self.instrument_kind
        )

    def __str__(self) -> str:
        return f"{self.exchange.value}-{self.kind.value}-{type(self.instrument_kind).__name__}"


def trade(trade_id: str, price: str, amount: str, side: Side) -> PublicTrade:
    """Make a trade."""
    return PublicTrade(trade_id, price=Decimal(price), amount=Decimal(amount), side=side)


def level(price: str, amount: str) -> Level:
    """Make a level of a book."""
    return Level(price=Decimal(price), amount=Decimal(amount))


def quote(time: datetime, bid: Level | None, ask: Level | None) -> OrderBookL1:
    """Make a quote."""
    return OrderBookL1(time, bid, ask)


def binance(
    exchange: ExchangeId,
    kind: SubKind,
    stream: str,
    frames: list[object],
    events: list[Kind],
    times: list[datetime],
    rest: dict[str, object] | None = None,
) -> Case:
    """Make a case of one of Binance's markets."""
    spot = exchange is ExchangeId.BINANCE_SPOT
    return Case(
        exchange,
        kind,
        "BTCUSDT",
        Spot.SPOT if spot else PERPETUAL,
        {"method": "SUBSCRIBE", "params": [f"btcusdt@{stream}"], "id": 1},
        [{"result": None, "id": 1}],
        frames,
        events,
        times,
        rest or {},
    )


def binance_cases(exchange: ExchangeId) -> list[Case]:
    """Make the cases that both of Binance's markets have."""
    spot = exchange is ExchangeId.BINANCE_SPOT
    path = "/api/v3/depth" if spot else "/fapi/v1/depth"
    first, after = ({}, {}) if spot else ({"T": MS, "pu": 100}, {"T": MS, "pu": 102})
    levels = {"bids": [["36999.9", "2.5"], ["36999.8", "1"]], "asks": [["37000.1", "0.75"]]}
    told = {} if spot else {"E": MS + 1, "T": MS}
    engine = None if spot else TIME
    quoted = {"u": 400900217, "s": "BTCUSDT", "b": "36999.9", "B": "2.5", "a": "37000.1", "A": "3"}
    depth = {"e": "depthUpdate", "E": MS, "s": "BTCUSDT"}
    return [
        binance(
            exchange,
            TRADE_TOLD,
            "trade",
            [
                {"e": "trade", "E": MS + 2, "s": "BTCUSDT", "t": 12345, "p": "37000.1", "q": "0.3",
                 "T": MS, "m": True, "M": True},
                {"e": "trade", "E": MS + 2, "s": "BTCUSDT", "t": 12346, "p": "37000.2", "q": "1",
                 "T": MS, "m": False, "M": True},
            ],
            [trade("12345", "37000.1", "0.3", Side.SELL), trade("12346", "37000.2", "1", Side.BUY)],
            [TIME, TIME],
        ),
        binance(
            exchange,
            L1_TOLD,
            "bookTicker",
            [quoted | ({} if spot else {"e": "bookTicker"}) | told],
            [quote(TIME, level("36999.9", "2.5"), level("37000.1", "3"))],
            [] if spot else [TIME],
        ),
        binance(
            exchange,
            L2_TOLD,
            "depth@100ms",
            [
                depth | {"U": 98, "u": 102, "b": [["36999.9", "0"]], "a": []} | first,
                depth | {"U": 103, "u": 103, "b": [], "a": [["37000.2", "4"]]} | after,
            ],
            [
                OrderBookSnapshot(OrderBook(
                    100, engine, [level("36999.9", "2.5"), level("36999.8", "1")],
                    [level("37000.1", "0.75")],
                )),
                OrderBookUpdate(OrderBook(102, engine, [level("36999.9", "0")], [])),
                OrderBookUpdate(OrderBook(103, engine, [], [level("37000.2", "4")])),
            ],
            [],
            {f"{path}?symbol=BTCUSDT&limit=1000":
                {"lastUpdateId": 100} | levels | ({} if spot else {"E": MS, "T": MS})},
        ),
    ]  # fmt: skip


def bybit_cases(exchange: ExchangeId) -> list[Case]:
    """Make the cases that both of Bybit's markets have."""
    kind = Spot.SPOT if exchange is ExchangeId.BYBIT_SPOT else PERPETUAL

    def case(told: SubKind, topic: str, frames: list[object], events: list[Kind]) -> Case:
        answer = {"success": True, "ret_msg": "subscribe", "conn_id": "2324d924", "req_id": "",
                  "op": "subscribe"}  # fmt: skip
        return Case(exchange, told, "BTCUSDT", kind, {"op": "subscribe", "args": [topic]},
                    [answer], frames, events, [TIME] * len(events))  # fmt: skip

    def book(topic: str, form: str, bids: object, asks: object, number: int) -> object:
        data = {"s": "BTCUSDT", "b": bids, "a": asks, "u": number, "seq": SEQUENCE + number}
        return {"topic": topic, "type": form, "ts": MS, "data": data, "cts": MS - 1}

    def traded(trade_id: str, side: str, price: str, amount: str) -> object:
        return {"T": MS, "s": "BTCUSDT", "S": side, "v": amount, "p": price, "L": "PlusTick",
                "i": trade_id, "BT": False}  # fmt: skip

    pong = {"success": True, "ret_msg": "pong", "conn_id": "0970e817", "req_id": "", "op": "ping"}
    l1, l2 = "orderbook.1.BTCUSDT", "orderbook.50.BTCUSDT"
    trades = "publicTrade.BTCUSDT"
    bid, ask = level("36999.9", "2"), level("37000.1", "1.5")
    return [
        case(
            TRADE_TOLD,
            trades,
            [pong, {"topic": trades, "type": "snapshot", "ts": MS + 3, "data": [
                traded("20f43950", "Buy", "37000.1", "0.001"),
                traded("20f43951", "Sell", "37000", "2"),
            ]}],
            [trade("20f43950", "37000.1", "0.001", Side.BUY),
             trade("20f43951", "37000", "2", Side.SELL)],
        ),
        case(
            L1_TOLD,
            l1,
            [
                book(l1, "snapshot", [["36999.9", "2"]], [["37000.1", "1.5"]], 1),
                # Only what has changed is sent: the other side stays.
                book(l1, "delta", [], [["37000.0", "3"]], 2),
                book(l1, "delta", [["36999.8", "4"]], [], 3),
            ],
            [
                quote(TIME, bid, ask),
                quote(TIME, bid, level("37000.0", "3")),
                quote(TIME, level("36999.8", "4"), level("37000.0", "3")),
            ],
        ),
        case(
            L2_TOLD,
            l2,
            [
                book(l2, "snapshot", [["36999.9", "2"]], [["37000.1", "1.5"]], 8),
                book(l2, "delta", [["36999.9", "0"]], [["37000.3", "9"]], 9),
            ],
            [
                OrderBookSnapshot(OrderBook(SEQUENCE + 8, TIME, [bid], [ask])),
                OrderBookUpdate(OrderBook(SEQUENCE + 9, TIME, [level("36999.9", "0")],
                                          [level("37000.3", "9")])),
            ],
        ),
    ]  # fmt: skip


def gateio(
    exchange: ExchangeId, market: str, kind: InstrumentKind, channel: str = "futures.trades"
) -> Case:
    """Make the case of a market of contracts at Gate.io, where a sale has a negative size."""

    def traded(number: int, size: int, price: str) -> object:
        return {"contract": market, "create_time": MS // 1000, "create_time_ms": MS, "id": number,
                "price": price, "size": size}  # fmt: skip

    answer = {"time": MS // 1000, "channel": channel, "event": "subscribe", "error": None,
              "result": {"status": "success"}}  # fmt: skip
    update = {"time": MS // 1000, "channel": channel, "event": "update"}
    return Case(
        exchange, TRADE_TOLD, market, kind,
        {"channel": channel, "event": "subscribe", "payload": [market]},
        [answer],
        [update | {"result": [traded(27753479, -108, "96.4"), traded(27753480, 3, "96.5")]}],
        [trade("27753479", "96.4", "108", Side.SELL), trade("27753480", "96.5", "3", Side.BUY)],
        [TIME, TIME],
    )  # fmt: skip


def okx(market: str, kind: InstrumentKind) -> Case:
    """Make the case of one of OKX's markets."""
    argument = {"channel": "trades", "instId": market}
    data = {"instId": market, "tradeId": "130639474", "px": "42219.9", "sz": "0.12", "side": "buy",
            "ts": str(MS), "count": "1"}  # fmt: skip
    return Case(
        ExchangeId.OKX, TRADE_TOLD, market, kind,
        {"op": "subscribe", "args": [argument]},
        [{"event": "subscribe", "arg": argument, "connId": "a4d3ae55"}],
        ["pong", {"arg": argument, "data": [data]}],
        [trade("130639474", "42219.9", "0.12", Side.BUY)],
        [TIME],
    )  # fmt: skip


def coinbase_match(kind: str, number: int, side: str, size: str) -> dict[str, object]:
    """Write a trade as Coinbase does: the side is that of the maker."""
    return {"type": kind, "trade_id": number, "maker_order_id": "ac928c66",
            "taker_order_id": "132fb6ae", "side": side, "size": size, "price": "400.23",
            "product_id": "BTC-USD", "sequence": 50 + number,
            "time": "2099-11-14T22:13:20.123000Z"}  # fmt: skip


FAR = datetime(2099, 11, 14, 22, 13, 20, 123_000, timezone.utc)
KRAKEN_TIME = datetime(2023, 11, 14, 22, 13, 20, 125_000, timezone.utc)


def kraken(told: SubKind, name: str, data: object, event: list[Kind]) -> Case:
    """Make a case of Kraken."""
    status = {"channelID": 10001, "channelName": name, "event": "subscriptionStatus",
              "pair": "XBT/USD", "status": "subscribed",
              "subscription": {"name": name}}  # fmt: skip
    system = {"connectionID": 8628615390848610000, "event": "systemStatus", "status": "online",
              "version": "1.0.0"}  # fmt: skip
    return Case(
        ExchangeId.KRAKEN, told, "XBT/USD", Spot.SPOT,
        {"event": "subscribe", "pair": ["XBT/USD"], "subscription": {"name": name}},
        [system, status],
        [{"event": "heartbeat"}, [10001, data, name, "XBT/USD"]],
        event,
        [KRAKEN_TIME] * len(event),
    )  # fmt: skip


CASES: list[Case] = [
    *binance_cases(ExchangeId.BINANCE_SPOT),
    *binance_cases(ExchangeId.BINANCE_FUTURES_USD),
    binance(
        ExchangeId.BINANCE_FUTURES_USD, LIQUIDATION_TOLD, "forceOrder",
        [{"e": "forceOrder", "E": MS, "o": {
            "s": "BTCUSDT", "S": "SELL", "o": "LIMIT", "f": "IOC", "q": "0.014", "p": "36910.5",
            "ap": "36911", "X": "FILLED", "l": "0.014", "z": "0.014", "T": MS}}],
        [Liquidation(Side.SELL, price=Decimal("36910.5"), quantity=Decimal("0.014"), time=TIME)],
        [TIME],
    ),
    Case(
        ExchangeId.BITFINEX, TRADE_TOLD, "tBTCUSD", Spot.SPOT,
        {"event": "subscribe", "channel": "trades", "symbol": "tBTCUSD"},
        [
            {"event": "info", "version": 2, "serverId": "5b73a436", "platform": {"status": 1}},
            {"event": "subscribed", "channel": "trades", "chanId": 19111, "symbol": "tBTCUSD",
             "pair": "BTCUSD"},
        ],
        [
            # The past, a heartbeat, and each trade a second time when it is in the books.
            [19111, [[401597393, MS - 5000, 0.005, 7244.1]]],
            [19111, "hb"],
            [19111, "te", [401597395, MS, 0.25, 7245.3]],
            [19111, "tu", [401597395, MS, 0.25, 7245.3]],
            [19111, "te", [401597396, MS, -1.5, 7245.2]],
        ],
        [trade("401597395", "7245.3", "0.25", Side.BUY),
         trade("401597396", "7245.2", "1.5", Side.SELL)],
        [TIME, TIME],
    ),
    Case(
        ExchangeId.BITMEX, TRADE_TOLD, "XBTUSD", PERPETUAL,
        {"op": "subscribe", "args": ["trade:XBTUSD"]},
        [
            {"info": "Welcome to the BitMEX Realtime API.", "version": "2.0.0",
             "timestamp": "2023-11-14T22:13:19.000Z", "docs": "https://www.bitmex.com/app/wsAPI"},
            {"success": True, "subscribe": "trade:XBTUSD",
             "request": {"op": "subscribe", "args": ["trade:XBTUSD"]}},
        ],
        [{"table": "trade", "action": "insert", "data": [{
            "timestamp": "2023-11-14T22:13:20.123Z", "symbol": "XBTUSD", "side": "Sell",
            "size": 200, "price": 36564.5, "tickDirection": "MinusTick",
            "trdMatchID": "31e50cb7-e005-a44e-f354-86e88dff52e7", "grossValue": 814181,
            "homeNotional": 0.00814181, "foreignNotional": 200, "trdType": "Regular"}]}],
        [trade("31e50cb7-e005-a44e-f354-86e88dff52e7", "36564.5", "200", Side.SELL)],
        [TIME],
    ),
    *bybit_cases(ExchangeId.BYBIT_SPOT),
    *bybit_cases(ExchangeId.BYBIT_PERPETUALS_USD),
    Case(
        ExchangeId.COINBASE, TRADE_TOLD, "BTC-USD", Spot.SPOT,
        {"type": "subscribe", "product_ids": ["BTC-USD"], "channels": ["matches"]},
        [{"type": "subscriptions", "channels": [{"name": "matches", "product_ids": ["BTC-USD"]}]}],
        [
            # The last trade from before the subscription, which is no news.
            coinbase_match("last_match", 10, "sell", "5") | {"time": "2014-11-07T08:19:27.028459Z"},
            coinbase_match("match", 11, "sell", "5.23512"),
            coinbase_match("match", 12, "buy", "2"),
        ],
        [trade("11", "400.23", "5.23512", Side.BUY), trade("12", "400.23", "2", Side.SELL)],
        [FAR, FAR],
    ),
    Case(
        ExchangeId.GATEIO_SPOT, TRADE_TOLD, "BTC_USDT", Spot.SPOT,
        {"channel": "spot.trades", "event": "subscribe", "payload": ["BTC_USDT"]},
        [{"time": MS // 1000, "channel": "spot.trades", "event": "subscribe", "error": None,
          "result": {"status": "success"}}],
        [{"time": MS // 1000, "channel": "spot.trades", "event": "update", "result": {
            "id": 309143071, "create_time": MS // 1000, "create_time_ms": f"{MS}.4578",
            "side": "sell", "currency_pair": "BTC_USDT", "amount": "16.47", "price": "36000.47"}}],
        [trade("309143071", "36000.47", "16.47", Side.SELL)],
        [TIME],  # barter-data reads whole milliseconds
    ),
    gateio(ExchangeId.GATEIO_FUTURES_USD, "BTC_USDT_20240329", FUTURE),
    gateio(ExchangeId.GATEIO_FUTURES_BTC, "BTC_USD_20240329", FUTURE),
    gateio(ExchangeId.GATEIO_PERPETUALS_USD, "BTC_USDT", PERPETUAL),
    gateio(ExchangeId.GATEIO_PERPETUALS_BTC, "BTC_USD", PERPETUAL),
    gateio(ExchangeId.GATEIO_OPTIONS, "BTC_USDT-20240329-70000-C", OPTION, "options.trades"),
    kraken(
        TRADE_TOLD, "trade",
        [["5541.2", "0.15", "1700000000.125000", "s", "l", ""],
         ["6060.0", "0.02", "1700000000.125000", "b", "m", ""]],
        [trade("1700000000125000_sell_5541.2_0.15", "5541.2", "0.15", Side.SELL),
         trade("1700000000125000_buy_6060_0.02", "6060", "0.02", Side.BUY)],
    ),
    kraken(
        L1_TOLD, "spread", ["5698.4", "5700.1", "1700000000.125000", "1.25", "0.5"],
        [quote(KRAKEN_TIME, level("5698.4", "1.25"), level("5700.1", "0.5"))],
    ),
    okx("BTC-USDT", Spot.SPOT),
    okx("BTC-USDT-SWAP", PERPETUAL),
    okx("BTC-USDT-240329", FUTURE),
    okx("BTC-USD-240329-70000-C", OPTION),
]  # fmt: skip
"""Each venue with each kind that barter-data has of it, and OKX with each kind of instrument."""
