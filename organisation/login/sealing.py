"""Secrets that must be read back (a provider's secret, the key of a code app) are sealed in the database.

The key is made from SECRET_KEY for one purpose each, so that a copy of the database alone opens nothing.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class BrokenSeal(Exception):
    """The secret was sealed with a SECRET_KEY that is no longer known."""


def seal(secret: str, purpose: str) -> str:
    """Return ``secret`` unreadable to whoever has the database alone."""
    return _keys(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Return the secret; raises ``BrokenSeal``."""
    try:
        return _keys(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def _keys(purpose: str) -> MultiFernet:
    """The key of today first; earlier ones still open what they sealed."""
    return MultiFernet([_key(word, purpose) for word in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret_key: str, purpose: str) -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portal.{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret_key.encode())))
