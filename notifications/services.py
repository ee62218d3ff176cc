"""The outbox: enqueue within the transaction, deliver at least once, park what can't be delivered."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications.models import Heartbeat, OutboxMessage

log = logging.getLogger(__name__)

Handler = Callable[..., None]

LEASE = timedelta(seconds=60)
# About four hours of trying, with pauses that grow to ten minutes.
MAX_FAILURES = 30
LONGEST_PAUSE = timedelta(minutes=10)
# Seconds that a message may wait for a worker before it is worth nothing.
MESSAGE_KEPT = 120

_handlers: dict[str, Handler] = {}


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the one that carries out messages of ``topic``.

    It is called with the payload as keyword arguments and must be safe to run twice.
    """

    def keep(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return keep


def enqueue(
    topic: str, *, municipality: Any = None, once_key: str | None = None, delay: timedelta | None = None, **payload: Any
) -> None:
    """Write a message in the running transaction and hurry it along on commit.

    With ``once_key`` a second call writes nothing. A broker that is down never fails the caller: the
    row stays, and the sweep sends it.
    """
    not_before = timezone.now() + (delay or timedelta())
    values = {"topic": topic, "payload": payload, "municipality": municipality, "not_before": not_before}
    if once_key is None:
        message, created = OutboxMessage.objects.create(**values), True
    else:
        message, created = OutboxMessage.objects.get_or_create(once_key=once_key, defaults=values)
    if created and delay is None:
        transaction.on_commit(lambda: hurry(message.pk))


def hurry(message_id: int) -> None:
    """Ask a worker to deliver the message now; when no broker answers, the sweep will."""
    send_quietly("notifications.tasks.deliver", message_id)


def send_quietly(task: str, *args: Any) -> bool:
    """Send the task of that name to the broker; log and return false when the broker can't be reached.

    By name, so that no service imports the task that calls it.
    """
    try:
        # A message that lay too long is dropped: its row stays, and the sweep sends it again.
        current_app.send_task(task, args=args, retry=False, expires=MESSAGE_KEPT)
    except (OperationalError, OSError) as error:
        log.warning("broker unreachable", extra={"task": task, "error": type(error).__name__})
        return False
    return True


def deliver_message(message_id: int) -> None:
    """Claim one message by a conditional update, carry it out, and mark it done if the claim still holds."""
    now = timezone.now()
    mine = OutboxMessage.objects.waiting(now).filter(pk=message_id)
    if not mine.update(attempt=F("attempt") + 1, lease_until=now + LEASE):
        return
    message = OutboxMessage.objects.get(pk=message_id)
    claim = OutboxMessage.objects.filter(pk=message_id, attempt=message.attempt)
    try:
        _handlers[message.topic](**message.payload)
    except Exception as error:
        # Whatever a handler raises is kept with the row; the message is tried again or parked, never lost.
        log.exception("outbox message failed", extra={"topic": message.topic, "message_id": message_id})
        failures = message.failures + 1
        pause = min(timedelta(seconds=5 * 2 ** min(failures, 10)), LONGEST_PAUSE)
        claim.update(
            failures=failures,
            error=type(error).__name__,
            lease_until=None,
            not_before=timezone.now() + pause,
            parked_at=timezone.now() if failures >= MAX_FAILURES else None,
        )
    else:
        claim.update(done_at=timezone.now(), lease_until=None, error="")


def send_waiting(limit: int = 500) -> int:
    """Ask workers to deliver every waiting message; return how many were sent."""
    waiting = OutboxMessage.objects.waiting(timezone.now()).values_list("pk", flat=True)[:limit]
    for message_id in list(waiting):
        hurry(message_id)
    return len(waiting)


def note_heartbeat(name: str) -> None:
    """Note that the worker ``name`` is alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})


def worker_is_running() -> bool:
    """Tell whether any worker has shown itself lately."""
    fresh = timezone.now() - timedelta(seconds=max(60, 4 * settings.SWEEP_SECONDS))
    return Heartbeat.objects.filter(seen_at__gte=fresh).exists()
