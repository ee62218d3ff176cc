"""One form sent twice is one thing: after a double click, a reload, or the browser's back button.

A page made for a logged-in person is never cached, so "back" asks for it anew; the key of its form must therefore
come from the session and not from the moment. What is sent is the form's key together with its answers: the same
answers again are the same thing, changed answers are a new one, and nothing that was typed is lost.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.http import HttpRequest, QueryDict

from organisation import clock

SESSION_KEY = "form_keys"
# Asked for in the address by whoever means a new thing that may read like the last one.
ANOTHER = "another"
KEPT_FOR = timedelta(minutes=30)
# Parts of a form that say nothing of the thing itself.
NO_ANSWERS = frozenset({"csrfmiddlewaretoken", "submission_key", "person", "again", "edit_count"})


def form_key(request: HttpRequest) -> uuid.UUID:
    """Return the key of the form at this address: the same for half an hour in this session."""
    now = clock.now().timestamp()
    kept: dict[str, list] = request.session.get(SESSION_KEY, {})
    kept = {path: entry for path, entry in kept.items() if entry[1] > now}
    if request.path not in kept or ANOTHER in request.GET:
        kept[request.path] = [str(uuid.uuid4()), now + KEPT_FOR.total_seconds()]
        request.session[SESSION_KEY] = kept
    return uuid.UUID(kept[request.path][0])


def submission_key(form_key: uuid.UUID, answers: QueryDict | Mapping[str, str]) -> uuid.UUID:
    """Return the key of what is sent: of the form and of all answers in it."""
    lists = answers.lists() if isinstance(answers, QueryDict) else ((name, [word]) for name, word in answers.items())
    told = sorted((name, words) for name, words in lists if name not in NO_ANSWERS)
    return uuid.uuid5(form_key, repr(told))
