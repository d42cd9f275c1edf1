"""Many calls of one function with different parameters: in processes here, or in an executor."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeAlias, TypeVar

Parameters: TypeAlias = Mapping[str, object]
"""Arguments by name."""

ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Outcome(Generic[ResultT]):
    """What one call gave: a result, or an error with its traceback as text."""

    result: ResultT | None
    error: Exception | None
    traceback: str | None


@dataclass(frozen=True)
class Task(Generic[ResultT]):
    """A function that is sent to workers, with all that it holds."""

    function: Callable[[Parameters], ResultT]

    def one(self, parameters: Parameters) -> Outcome[ResultT]:
        """Call it once; an exception is a value, so that the other calls go on."""
        try:
            return Outcome(self.function(parameters), None, None)
        except Exception as error:
            text = "".join(traceback.format_exception(error))
            return Outcome(None, _sendable(error), text)

    def several(self, parameters: Sequence[Parameters]) -> list[Outcome[ResultT]]:
        """Call it for each."""
        return [self.one(each) for each in parameters]


def _sendable(error: Exception) -> Exception:
    """Give the error, or one that says the same and survives the way home."""
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
        return [dict(each) for each in parameters]
    for name, values in parameters.items():
        if isinstance(values, str) or not isinstance(values, Sequence):
            found = f"{type(values).__name__} {values!r}"
            raise TypeError(f"parameters[{name!r}] must be a sequence of values, got {found}")
    return [dict(zip(parameters, values, strict=True)) for values in product(*parameters.values())]


def call_all(
    function: Callable[[Parameters], ResultT],
    parameters: Sequence[Parameters],
    executor: Executor | None,
) -> list[Outcome[ResultT]]:
    """Call for all parameters, in parallel; outcomes in order.

    `function` and what it holds are sent once to a process of our own, and once for each of as many
    shares as this machine has processors to an executor, which has no room for what tasks share.
    """
    if not parameters:
        return []
    task = Task(function)
    workers = min(len(parameters), os.cpu_count() or 1)
    if executor is None:
        return _in_own_processes(task, parameters, workers)
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


def _in_own_processes(
    task: Task[ResultT], parameters: Sequence[Parameters], workers: int
) -> list[Outcome[ResultT]]:
    # Only here: a third of the time to import the package otherwise.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

    # Started afresh on every platform: a forked interpreter inherits the locks of other threads.
    context = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, context, _keep, (pickle.dumps(task),))
    try:
        packed = _results([pool.submit(_call_kept, each) for each in parameters])
    except BaseException:
        for process in set(multiprocessing.active_children()) - before:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    outcomes: list[Outcome[ResultT]] = [pickle.loads(each) for each in packed]
    return outcomes


_kept: list[Task[object]] = []


def _keep(packed: bytes) -> None:
    """Unpack the task in a new worker."""
    _kept.append(pickle.loads(packed))


def _call_kept(parameters: Parameters) -> bytes:
    """Call the worker's task; packed here, since a worker knows no type of its result."""
    return pickle.dumps(_kept[-1].one(parameters))
