"""A case with a word of its own in every text that it can hold, by the services where there are any."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from incidents import services
from incidents.models import Disclosure, Identity, Incident, IncidentGrant, Message, NoticeChange, ReportDraft
from incidents.services import conversation, disclosing, marking
from incidents.services.notifying import recompute_notices
from notifications.models import OutboxMessage
from organisation import clock
from organisation.access import GrantQuerySet
from organisation.models import User
from tests.factories import attachments
from tests.factories.clocks import GRAVE
from tests.factories.organisation import Town


@dataclass(frozen=True)
class Words:
    """What is looked for: told in a case, naming somebody, and kept by those who handle it."""

    told: str
    named: str
    kept: str

    @property
    def all(self) -> tuple[str, str, str]:
        """Every word."""
        return self.told, self.named, self.kept


def act(case: Incident, town: Town, words: Words) -> None:
    """Let handler and head do with the case what they can, each time with the word; mails and logs follow."""
    handler = town.unit_manager
    services.open_case(incident=case, by=handler)
    services.mark_serious(incident=case, serious=True, reason=words.told, by=handler)
    conversation.ask_reporter(incident=case, text=words.told, by=handler, submission_key=uuid.uuid4())
    conversation.add_from_reporter(incident=case, text=words.told, submission_key=uuid.uuid4())
    services.answer_whether_threat_remains(incident=case, remains=True, reason=words.told, by=handler)
    services.note_precaution(
        incident=case, warned=words.told, two_staff=True, alarm=False, changed=words.told, by=handler
    )
    marking.mark_secret(incident=case, provision="OSL 39:3", reason=words.kept, by=town.head)
    asked = disclosing.Asked(on=clock.today(), what=words.kept, by=words.named)
    for refused in (True, False):
        disclosing.decide_disclosure(
            incident=case,
            asked=asked,
            refused=refused,
            masked={},
            shown=frozenset(),
            provision="OSL 39:3",
            reason=words.kept,
            by=town.head,
            submission_key=uuid.uuid4(),
        )


def fill(case: Incident, by: User, words: Words) -> None:
    """Write the word into every column that is told, names somebody or is kept, whatever wrote it otherwise."""
    now = clock.now()
    case.narratives.update(text=words.told)
    for key in ("course", "cause_people", "cause_technology", "cause_organisation", "cause_change"):
        case.narratives.update_or_create(key=key, defaults={"text": words.told})
    case.narrative_changes.create(key="cause_technology", text=words.told, by=by, at=now)
    for role in (Identity.Role.WITNESS, Identity.Role.AFFECTED, Identity.Role.OTHER):
        Identity.objects.create(incident=case, role=role, name=words.named, contact=words.named)
    for kind, from_reporter in (("question", False), ("answer", True)):
        Message.objects.create(
            incident=case,
            kind=kind,
            from_reporter=from_reporter,
            text=words.told,
            by=None if from_reporter else by,
            at=now,
            submission_key=uuid.uuid4(),
        )
    case.statuses.create(to_state=case.state, by=by, at=now, reason=words.told)
    case.tasks.create(kind="other", text=words.told, created_at=now)
    case.tasks.create(kind="police", outcome=words.told, created_at=now, done_at=now, done_by=by)
    case.escalations.create(asked_by=by, asked_at=now, reason=words.told, answer=words.told)
    case.precautions.create(warned=words.told, changed=words.told, by=by, at=now)
    case.support_offers.create(offered_at=now, given_by=words.told, given_at=now)
    Incident.objects.filter(pk=case.pk).update(**GRAVE)
    recompute_notices(Incident.objects.get(pk=case.pk), by=by)
    for notice in case.notices.all():
        NoticeChange.objects.create(notice=notice, to_state=notice.state, reason=words.told, by=by, at=now)
    _file(case, words)
    _kept(case, by, words, now)


def _file(case: Incident, words: Words) -> None:
    tied = attachments.attach(case)
    tied.attachment.name = f"{words.told}.jpg"
    tied.attachment.save(update_fields=["name"])


def _kept(case: Incident, by: User, words: Words, now: Any) -> None:
    """What the case's own protection is made of."""
    case.secrecy_marks.create(
        provision="OSL 26:1", reason=words.kept, by=by, at=now, lifted_at=now, lifted_by=by, lifted_reason=words.kept
    )
    Disclosure.objects.create(
        municipality=case.municipality,
        incident=case,
        asked_by=words.named,
        asked_for=words.kept,
        asked_on=clock.today(),
        outcome="masked",
        provision=words.kept,
        reason=words.kept,
        content={"rows": [{"group": "", "label": "", "value": words.told}], "number": case.label},
        decided_by=by,
        decided_at=now,
        submission_key=uuid.uuid4(),
    )


def copies(case: Incident, reporter: User, words: Words) -> str:
    """Put the word into what is made beside a case: a stored paper, a draft, a message; return the paper's name."""
    now = clock.now()
    newest = Disclosure.objects.filter(incident=case).order_by("-pk")[:1].get()
    folder = f"{disclosing.FOLDER}/{newest.public_id}"
    name = default_storage.save(f"{folder}/{uuid.uuid4()}.pdf", ContentFile(words.told.encode()))
    Disclosure.objects.filter(pk=newest.pk).update(file=name)
    ReportDraft.objects.create(
        municipality=case.municipality, person=reporter, body=case.body, answers={"text": words.told}, written_at=now
    )
    OutboxMessage.objects.create(
        municipality=case.municipality,
        topic="mail",
        payload={"body": f"{words.told} {case.label}"},
        not_before=now + timedelta(days=1),
    )
    return name


def grants_of(case: Incident) -> GrantQuerySet:
    """Return the shares of the case, whose reasons are kept too."""
    found: GrantQuerySet = IncidentGrant.objects.filter(content_object=case)
    return found
