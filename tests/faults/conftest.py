"""What the fault trials share."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller

from scripts.servers import free_port
from tests.notifications.mailbox import Mailbox


@pytest.fixture
def make_keys() -> Callable[[int], list[uuid.UUID]]:
    """Make the keys of that many forms."""
    return lambda count: [uuid.uuid4() for _number in range(count)]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real mail server, whose address is ``mailbox.url``."""
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    kept.url = f"smtp://127.0.0.1:{server.port}"
    yield kept
    server.stop()
