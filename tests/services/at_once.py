"""Several people at the same moment, each in a thread with a connection of its own."""

import threading
from collections.abc import Callable
from typing import Any


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Run ``verbs`` at the same moment; return results or refusals in order, raise any other error."""
    from django.db import connections

    from organisation.errors import DomainError

    start = threading.Barrier(len(verbs))
    results: list[Any] = [None] * len(verbs)

    def run(place: int, verb: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[place] = verb()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    unexpected = [one for one in results if isinstance(one, Exception) and not isinstance(one, DomainError)]
    if unexpected:
        raise unexpected[0]
    return results


def done(results: list[Any]) -> list[Any]:
    """Return the results that are no refusals."""
    return [one for one in results if not isinstance(one, Exception)]
