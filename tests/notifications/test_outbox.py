"""What must not be lost: written with its cause, delivered at least once, never twice at a time."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from notifications import services, tasks
from notifications.models import Heartbeat, OutboxMessage
from notifications.services import deliver_message, enqueue, handles, send_waiting, worker_is_running
from tests.factories.organisation import make_municipality

pytestmark = pytest.mark.django_db


class Recorder:
    """Carries out messages of one topic and remembers them; may be told to fail."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.fails = False

    def __call__(self, *, word: str) -> None:
        if self.fails:
            raise ValueError("the text of a case must not be kept")
        self.seen.append(word)


@pytest.fixture
def recorder(monkeypatch):
    kept = Recorder()
    monkeypatch.setitem(services._handlers, "test", kept)
    return kept


@pytest.fixture
def sent(monkeypatch):
    """Message ids that were handed to the broker."""
    ids: list[int] = []
    monkeypatch.setattr(services.current_app, "send_task", lambda name, args, **_options: ids.append(args[0]))
    return ids


def test_a_message_is_hurried_along_on_commit(recorder, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue("test", word="ett")
        assert sent == []
    assert sent == [OutboxMessage.objects.get().pk]


def test_a_change_that_is_rolled_back_takes_its_message_along(recorder):
    with transaction.atomic():
        enqueue("test", word="ett")
        transaction.set_rollback(True)
    assert not OutboxMessage.objects.exists()


def test_one_message_per_event_and_recipient(recorder):
    enqueue("test", once_key="händelse:1", word="ett")
    enqueue("test", once_key="händelse:1", word="ett")
    assert OutboxMessage.objects.count() == 1


def test_a_broker_that_is_down_fails_nobody_and_the_sweep_sends_later(
    recorder, sent, monkeypatch, django_capture_on_commit_callbacks
):
    def down(name, args, **_options):
        raise OperationalError

    with monkeypatch.context() as broken:
        broken.setattr(services.current_app, "send_task", down)
        with django_capture_on_commit_callbacks(execute=True):
            enqueue("test", word="ett")
    assert sent == []
    assert send_waiting() == 1
    assert sent == [OutboxMessage.objects.get().pk]


def test_control_without_the_catch_a_broker_that_is_down_fails_the_request(
    recorder, monkeypatch, django_capture_on_commit_callbacks
):
    def down(name, args, **_options):
        raise OperationalError

    monkeypatch.setattr(services.current_app, "send_task", down)
    monkeypatch.setattr(services, "send_quietly", lambda task, *args: down(task, args, retry=False))
    with pytest.raises(OperationalError), django_capture_on_commit_callbacks(execute=True):
        enqueue("test", word="ett")


def test_delivering_twice_carries_out_once(recorder):
    enqueue("test", word="ett")
    message = OutboxMessage.objects.get()
    deliver_message(message.pk)
    deliver_message(message.pk)
    assert recorder.seen == ["ett"]
    assert OutboxMessage.objects.get().done_at


def test_a_message_that_another_worker_holds_is_left_alone(recorder):
    enqueue("test", word="ett")
    OutboxMessage.objects.update(lease_until=timezone.now() + timedelta(seconds=30))
    deliver_message(OutboxMessage.objects.get().pk)
    assert recorder.seen == []


def test_a_message_whose_worker_was_lost_is_taken_again(recorder):
    enqueue("test", word="ett")
    OutboxMessage.objects.update(lease_until=timezone.now() - timedelta(seconds=1), attempt=1)
    assert send_waiting() == 1
    deliver_message(OutboxMessage.objects.get().pk)
    assert recorder.seen == ["ett"]


def test_a_failure_is_tried_again_after_a_pause_and_keeps_no_text(recorder, caplog):
    recorder.fails = True
    enqueue("test", word="ett")
    deliver_message(OutboxMessage.objects.get().pk)
    message = OutboxMessage.objects.get()
    assert (message.failures, message.error) == (1, "ValueError")
    assert message.not_before > timezone.now()
    assert send_waiting() == 0
    recorder.fails = False
    OutboxMessage.objects.update(not_before=timezone.now())
    deliver_message(message.pk)
    assert recorder.seen == ["ett"]


def test_what_can_not_be_delivered_is_parked_not_lost(recorder, monkeypatch):
    recorder.fails = True
    monkeypatch.setattr(services, "MAX_FAILURES", 2)
    enqueue("test", word="ett")
    for _attempt in range(3):
        OutboxMessage.objects.update(not_before=timezone.now())
        deliver_message(OutboxMessage.objects.get().pk)
    message = OutboxMessage.objects.get()
    assert message.parked_at
    assert message.failures == 2


def test_the_pause_grows_to_ten_minutes_and_no_further(recorder):
    recorder.fails = True
    enqueue("test", word="ett")
    OutboxMessage.objects.update(failures=20)
    deliver_message(OutboxMessage.objects.get().pk)
    assert OutboxMessage.objects.get().not_before <= timezone.now() + services.LONGEST_PAUSE


def test_a_handler_is_registered_under_its_topic(monkeypatch):
    monkeypatch.setattr(services, "_handlers", {})

    @handles("ny")
    def carry_out() -> None:
        """Nothing."""

    assert services._handlers == {"ny": carry_out}


def test_a_worker_is_running_while_its_heart_beats():
    assert not worker_is_running()
    tasks.beat_heart()
    assert worker_is_running()
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert not worker_is_running()


def test_a_message_keeps_to_its_municipality(recorder):
    municipality = make_municipality(people=False).municipality
    enqueue("test", municipality=municipality, word="ett")
    assert OutboxMessage.objects.get().municipality == municipality
