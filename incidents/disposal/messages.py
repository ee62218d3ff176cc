"""Messages of the outbox that are about cases: by what they carry, not by who sent them."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable

from incidents.disposal.held import everything_held
from incidents.models import Incident
from notifications.models import OutboxMessage
from organisation.models import Municipality

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NUMBER = re.compile(r"\b[A-ZÅÄÖ]-\d{4}-\d{4,}\b")
# Names of the case itself in a message's payload.
CASE_KEYS = ("incident_id", "case_id")
BATCH = 2_000


def messages_about(municipality: Municipality, cases: Iterable[Incident]) -> dict[int, list[int]]:
    """Return case id → the ids of its messages, delivered ones too, in one walk through the outbox.

    A message is about a case when its key, or anything it carries, names the case's public id or number, or a row
    that belongs to the case.
    """
    index = _Index(cases)
    found: dict[int, list[int]] = defaultdict(list)
    sent = OutboxMessage.objects.filter(municipality=municipality) | OutboxMessage.objects.filter(municipality=None)
    for pk, key, payload in sent.values_list("pk", "once_key", "payload").iterator(chunk_size=BATCH):
        for case_id in index.cases_in(key or "", payload):
            found[case_id].append(pk)
    return found


class _Index:
    """Everything by which a message may name one of the cases."""

    def __init__(self, cases: Iterable[Incident]) -> None:
        self.words: dict[str, int] = {}
        for case in cases:
            self.words |= {str(case.public_id): case.pk, case.label: case.pk}
        ids = set(self.words.values())
        self.rows: dict[str, dict[int, int]] = {key: dict(zip(ids, ids, strict=True)) for key in CASE_KEYS}
        for table in everything_held():
            if table.message_key:
                rows = table.model._base_manager.filter(**{f"{table.path}__in": ids})
                self.rows[table.message_key] = dict(rows.values_list(table.message_names, table.path))

    def cases_in(self, key: str, payload: dict[str, object]) -> set[int]:
        text = f"{key} {json.dumps(payload, ensure_ascii=False)}"
        named = [*UUID.findall(text), *NUMBER.findall(text)]
        found = {self.words[word] for word in named if word in self.words}
        for name, value in payload.items():
            rows = self.rows.get(name)
            if rows and isinstance(value, int) and value in rows:
                found.add(rows[value])
        return found
