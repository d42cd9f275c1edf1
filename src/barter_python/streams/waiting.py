"""Waits for a socket in whichever event loop runs, without a loop of our own."""

import asyncio
import sys


async def wait_readable(descriptor: int) -> None:
    """Wait until the socket is readable, in trio if that runs, else in asyncio."""
    if "trio" in sys.modules:
        import trio  # noqa: PLC0415 # an optional package that the caller has imported

        if trio.lowlevel.in_trio_run():
            await trio.lowlevel.wait_readable(descriptor)
            return
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    loop.add_reader(descriptor, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(descriptor)
