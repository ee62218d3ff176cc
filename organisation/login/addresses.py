"""Addresses that secrets and people are sent to."""

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_confidential(address: str) -> bool:
    """Tell whether nobody between can read what goes to ``address``: https, or this very machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
