"""What a real SMTP server of the tests has received."""

from collections import Counter
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

    def told(self) -> Counter[str]:
        """How often each mail (event and recipient) arrived."""
        return Counter(mail["Message-ID"].strip() for mail in self.mails)
