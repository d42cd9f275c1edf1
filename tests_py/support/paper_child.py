"""A process of its own that trades on paper: `python -m support.paper_child PART ADDRESS ...`."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from typing_extensions import override

from barter_python import EngineView, ExchangeId, HookCommand, Orders, StreamError
from barter_python.live import PaperOptions, ShutdownPolicy, System, run_paper
from barter_python.streams import Address, StreamOptions
from support.paper import CONFIG, Trader, until
from support.stream_child import counted, settle
from support.venue_server import PATIENCE


class Until(Trader):
    """Trades, and does something once, at so many calls."""

    def __init__(self, seed: int, moment: int, act: Callable[[], object]) -> None:
        super().__init__(seed)
        self._moment = moment
        self._act = act

    @override
    def generate_algo_orders(self, state: EngineView, /) -> Orders:
        orders = super().generate_algo_orders(state)
        if self.calls == self._moment:
            self._act()
        return orders


class Interrupted(Until):
    """Sends its process a signal, as the terminal does."""

    def __init__(self, seed: int = 0, signal: int = signal.SIGINT) -> None:
        moment = random.Random(seed).randrange(1, 300)
        super().__init__(seed, moment, lambda: os.kill(os.getpid(), signal))


def options_of(address: str, seed: int = 0) -> PaperOptions:
    """Give options that follow from the seed."""
    policy = ShutdownPolicy(cancel_orders=seed % 2 == 0, close_positions=seed % 3 == 0)
    return PaperOptions(
        stream_options=StreamOptions(
            addresses={ExchangeId.BINANCE_SPOT: Address(websocket=address)}
        ),
        latency=timedelta(milliseconds=seed % 4),
        shutdown=policy,
    )


def interrupted(address: str, record: str, seed: str) -> None:
    """Trade until the signal comes, in one of two ways."""
    number = int(seed)
    options = options_of(address, number)
    options["record"] = record
    try:
        if number % 2:
            run_paper(Interrupted(number), CONFIG, **options)
        else:
            System.start(Interrupted(number), CONFIG, **options).wait()
    except KeyboardInterrupt:
        print("interrupted")


def leaves(address: str, record: str, seed: str) -> None:
    """Come to the end of the program while the system runs."""
    options = options_of(address, int(seed))
    options["record"] = record
    come = threading.Event()
    moment = random.Random(int(seed)).randrange(1, 300)
    System.start(Until(int(seed), moment, come.set), CONFIG, **options)
    assert come.wait(PATIENCE)
    print("left")


STARTED = threading.Event()


def interrupt_the_wait() -> None:
    """Send the signal once the main thread waits: anywhere else it would be another test."""
    main = threading.main_thread().ident
    assert main is not None
    assert STARTED.wait(PATIENCE)
    while sys._current_frames()[main].f_code.co_name != "wait":
        time.sleep(0)
    os.kill(os.getpid(), signal.SIGINT)


class InterruptedWait(Until):
    """Interrupts the wait for the end of the system."""

    def __init__(self) -> None:
        super().__init__(0, 100, interrupt_the_wait)


class Endless(InterruptedWait):
    """Does not come back from the hook that the shutdown calls."""

    @override
    def on_trading_disabled(self, state: EngineView, /) -> tuple[HookCommand, ...]:
        print("shutting down", flush=True)
        while True:
            pass


class Told(InterruptedWait):
    """Says that the shutdown has begun."""

    @override
    def on_trading_disabled(self, state: EngineView, /) -> tuple[HookCommand, ...]:
        print("shutting down", flush=True)
        return ()


def twice(address: str, way: str) -> None:
    """Be interrupted while a shutdown lasts for a day: for ever, or until answers come."""
    options = options_of(address)
    options["shutdown"] = ShutdownPolicy(
        cancel_orders=True, close_positions=True, timeout=timedelta(days=1)
    )
    options["latency"] = timedelta(days=2)
    system = System.start(Endless() if way == "endless" else Told(), CONFIG, **options)
    STARTED.set()
    try:
        system.wait()
    except KeyboardInterrupt:
        print("left", system.is_running, flush=True)


def forks(address: str) -> None:
    """Ask for the parent's system in a child that a fork has made, which must not hang."""
    system = System.start(Trader(), CONFIG, **options_of(address))
    until(system, 50)
    child = os.fork()
    if child == 0:
        for ask in (system.snapshot, system.cancel_orders, system.wait, system.shutdown):
            try:
                ask()
            except StreamError as error:
                print("child:", str(error).partition(",")[0], flush=True)
        sys.exit(3)
    _, status = os.waitpid(child, 0)
    print("status", os.waitstatus_to_exitcode(status), flush=True)
    until(system, system.events + 50)
    print("parent:", system.shutdown().settings.events >= 100)


def again_and_again(address: str, folder: str) -> None:
    """Start and end a hundred systems in every way, and compare what is left."""

    def fail() -> None:
        raise ZeroDivisionError

    def once(number: int) -> None:
        options = options_of(address, number)
        options["record"] = f"{folder}/{number}.jsonl.gz"
        strategy = Until(number, 5 if number % 4 == 3 else 0, fail)
        system = System.start(strategy, CONFIG, **options)
        if number % 4 == 3:
            with suppress(ZeroDivisionError):
                system.wait()
            return
        until(system, 5)
        if number % 4 == 2:
            system.abort()
        elif number % 4 == 1:
            with system:
                system.snapshot()
        else:
            system.shutdown()

    threads, _ = counted()
    once(0)
    settle(lambda: counted()[0] == threads)
    before = counted()  # with what the process opens once
    for number in range(1, 100):
        once(number)
    settle(lambda: counted() == before)
    print(before, counted(), len(list(Path(folder).iterdir())), sep="\n")


PARTS: dict[str, Callable[..., None]] = {
    "interrupted": interrupted,
    "leaves": leaves,
    "twice": twice,
    "forks": forks,
    "again_and_again": again_and_again,
}

if __name__ == "__main__":
    PARTS[sys.argv[1]](*sys.argv[2:])
