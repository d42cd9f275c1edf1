"""Many calls of one function with different parameters, in processes or in an executor."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, Literal, TypeAlias, TypeVar

from .._checks import shown
from .histories import pack, unpack

Parameters: TypeAlias = Mapping[str, object]
"""Arguments by name."""

Workers: TypeAlias = Executor | Literal["threads"] | None
"""Where calls run: in an executor, in threads, or in processes of our own."""

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Outcome(Generic[ResultT]):
    """The outcome of one call: a result, or an error with its traceback as text."""

    result: ResultT | None
    error: Exception | None
    traceback: str | None


@dataclass(frozen=True)
class Task(Generic[ResultT]):
    """A function that is sent to workers with its data."""

    function: Callable[[Parameters], ResultT]

    def one(self, parameters: Parameters) -> Outcome[ResultT]:
        """Call it once; an exception becomes a value, so that the other calls go on."""
        try:
            return Outcome(self.function(parameters), None, None)
        except Exception as error:
            text = "".join(traceback.format_exception(error))
            return Outcome(None, _sendable(error), text)

    def several(self, parameters: Sequence[Parameters]) -> list[Outcome[ResultT]]:
        """Call it for each of the parameters."""
        return [self.one(each) for each in parameters]


def _sendable(error: Exception) -> Exception:
    """Give the error, or one with the same text if the error cannot be pickled."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def combinations(
    parameters: Mapping[str, Sequence[object]] | Iterable[Parameters],
) -> list[dict[str, object]]:
    """Give the parameters of each call: all combinations of a grid, or a list as it is."""
    if not isinstance(parameters, Mapping):
        return [_arguments(position, each) for position, each in enumerate(parameters)]
    for name, values in parameters.items():
        if isinstance(values, str) or not isinstance(values, Sequence):
            found = f"{type(values).__name__} {shown(values)}"
            raise TypeError(f"parameters[{shown(name)}] must be a sequence of values, got {found}")
    return [dict(zip(parameters, values, strict=True)) for values in product(*parameters.values())]


def _arguments(position: int, given: Parameters) -> dict[str, object]:
    """Give the arguments of a run as a dictionary of their own."""
    if isinstance(given, Mapping):
        return dict(given)
    raise TypeError(
        f"parameters[{position}] must be a mapping of the factory's arguments, got "
        f"{type(given).__name__} {shown(given)}: a grid of one argument is {{name: values}}"
    )


def check_importable(what: str, factory: Callable[..., object]) -> None:
    """Refuse a function or class that a new process could not find, before processes are started.

    A new process imports the module of the factory. Of `__main__` it has what a script's file
    defines, unless the script is going on in such a process already; a notebook's cell, an
    interactive session and a program read from the standard input have no file.
    """
    cure = 'define it at the top of a module and import it, or pass executor="threads"'
    while isinstance(factory, partial):
        factory = factory.func
    name: str = getattr(factory, "__qualname__", type(factory).__qualname__)
    module: str = getattr(factory, "__module__", type(factory).__module__)
    if "<" in name:
        kind = "a lambda" if name.endswith("<lambda>") else "a local name of a function"
        raise ValueError(
            f"{what} {module}.{name} is {kind}, which new processes cannot import: {cure}"
        )
    if module == "__main__":
        file = getattr(sys.modules["__main__"], "__file__", None)
        if file is None or not Path(file).is_file():
            raise ValueError(
                f"{what} {name} is defined in __main__, which is not a file here, so that new "
                f"processes cannot import it: {cure}"
            )


def check_workers(executor: object) -> None:
    """Require an executor, the word for threads, or nothing."""
    if isinstance(executor, str) and executor != "threads":
        raise ValueError(f"executor must be 'threads', an Executor or None, got {shown(executor)}")
    if executor is not None and not isinstance(executor, (str, Executor)):
        found = f"{type(executor).__name__} {shown(executor)}"
        raise TypeError(f"executor must be 'threads', an Executor or None, got {found}")


def call_all(
    function: Callable[[Parameters], ResultT],
    parameters: Sequence[Parameters],
    executor: Workers,
) -> list[Outcome[ResultT]]:
    """Call for all parameters, in parallel; outcomes in order.

    `function` and what it holds are sent once to a process of our own, histories as the path of a
    file. To an executor, which has no room for what tasks share and may be on other machines, they
    are sent once for each of as many shares as this machine has processors.
    """
    if not parameters:
        return []
    task = Task(function)
    workers = min(len(parameters), os.cpu_count() or 1)
    if executor is None:
        return _in_own_processes(task, parameters, workers)
    if isinstance(executor, str):
        with ThreadPoolExecutor(workers) as threads:
            return _results([threads.submit(task.one, each) for each in parameters])
    shares = [executor.submit(task.several, parameters[share::workers]) for share in range(workers)]
    done = _results(shares)
    return [done[index % workers][index // workers] for index in range(len(parameters))]


def _results(futures: Sequence[Future[ResultT]]) -> list[ResultT]:
    try:
        return [future.result() for future in futures]
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def chunks(count: int, workers: int) -> list[range]:
    """Cut as many calls into chunks: long ones, and shorter ones towards the end.

    Each chunk costs a message. The last ones are single calls, so that no worker is left with many
    of them when the others are done.
    """
    cut, start = [], 0
    while start < count:
        stop = start + min(_LONGEST_CHUNK, max(1, (count - start) // (4 * workers)))
        cut.append(range(start, stop))
        start = stop
    return cut


_LONGEST_CHUNK = 32
"""A chunk of the shortest runs takes many times what its message costs. Its results wait in the
worker, so that it is no longer."""


def _in_own_processes(
    task: Task[ResultT], parameters: Sequence[Parameters], workers: int
) -> list[Outcome[ResultT]]:
    # Imported here, because it takes a third of the time to import the package.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    # Spawned on every platform: a forked interpreter inherits the locks of other threads.
    context = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    with TemporaryDirectory(prefix="barter_python-") as folder:
        packed = pack(task, Path(folder))
        pool = ProcessPoolExecutor(workers, context, _take_task, (packed,))
        try:
            done = _results(
                [
                    pool.submit(_call_task, parameters[chunk.start : chunk.stop])
                    for chunk in chunks(len(parameters), workers)
                ]
            )
        except BrokenProcessPool as error:
            raise BrokenProcessPool(
                "a process ended before it gave a result. A script must call run_backtests under "
                '`if __name__ == "__main__":`, since each process imports the script; what else '
                "ended it, such as a lack of memory, stands above"
            ) from error
        except BaseException:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
    outcomes: list[list[Outcome[ResultT]]] = [pickle.loads(chunk) for chunk in done]
    return [outcome for chunk in outcomes for outcome in chunk]


_taken: list[bytes | Task[object]] = []


def _take_task(packed: bytes) -> None:
    """Take the task in a new worker, whose first call unpacks it: an error is then that call's."""
    _taken.append(packed)


def _task() -> Task[object]:
    task = _taken[-1]
    if isinstance(task, bytes):
        unpacked = unpack(task)
        assert isinstance(unpacked, Task)
        _taken[-1] = task = unpacked
    return task


def _call_task(parameters: Sequence[Parameters]) -> bytes:
    """Call the worker's task and pickle the outcomes, whose type a worker does not know."""
    outcomes = _task().several(parameters)
    try:
        return pickle.dumps(outcomes)
    except Exception:
        return pickle.dumps([_sendable_outcome(outcome) for outcome in outcomes])


def _sendable_outcome(outcome: Outcome[object]) -> Outcome[object]:
    """Give the outcome, or the error that its result cannot be pickled with."""
    try:
        pickle.dumps(outcome)
    except Exception as error:
        text = "".join(traceback.format_exception(error))
        return Outcome(None, _sendable(error), text)
    return outcome
