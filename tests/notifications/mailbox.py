"""What a real SMTP server of the tests has received."""

from typing import Any

from aiosmtpd.handlers import Message


class Mailbox(Message):
    """Keeps what arrives."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)
