"""One step of a part of a case, by a form of its own."""

from collections.abc import Callable
from typing import Any

from organisation.errors import DomainError, NotAllowed


def take_step(form: Any, change: Callable[[dict[str, Any]], object]) -> bool:
    """Make the change with the form's answers; on a mistake or a refusal return false, with the words in the form.

    Raises ``NotAllowed`` on: who may not do it at all gets no form back.
    """
    if not form.is_valid():
        return False
    try:
        change(form.cleaned_data)
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True
