"""The one register that the component modules share, and how they read their arguments."""

from collections.abc import Mapping
from typing import Any

from django.template import Library

register = Library()


def read(thing: Any, name: str, default: Any = None) -> Any:
    """Return ``thing[name]`` or ``thing.name``, as a template would, else ``default``."""
    if isinstance(thing, Mapping):
        return thing.get(name, default)
    return getattr(thing, name, default)
