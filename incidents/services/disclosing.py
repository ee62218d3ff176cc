"""Somebody asks to see a case: what is shown, what is masked, or a refusal that can be appealed; and its paper."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import override

from incidents.disclosure.appeal import appeal_lines
from incidents.disclosure.items import Item, items_of
from incidents.errors import NotYetHappened, ProvisionMissing, ReasonMissing
from incidents.models import Disclosure, Incident, IncidentStatus, ReadLog
from incidents.services.locking import locked, note
from incidents.services.marking import require_discloser
from incidents.services.reading import note_reading
from incidents.titles import title_of
from organisation import clock
from organisation.errors import NotAllowed
from organisation.models import AUTHORITIES, BodyClosure, User
from safety_portal.pdf import render_pdf

Outcome = Disclosure.Outcome
FOLDER = "disclosures"


@dataclass(frozen=True)
class Asked:
    """What somebody asked for: they need not say who they are or why (TF 2:18)."""

    on: date
    what: str = ""
    by: str = ""


@transaction.atomic
def decide_disclosure(
    *,
    incident: Incident,
    asked: Asked,
    refused: bool,
    masked: Mapping[str, str],
    shown: frozenset[str],
    provision: str,
    reason: str,
    by: User,
    submission_key: uuid.UUID,
) -> Disclosure:
    """Decide what of the case is disclosed, and keep the decision; it is never edited.

    ``shown`` are keys of pieces that are left readable, ``masked`` a key's own provision. A piece in neither, such
    as one that came meanwhile, is masked by ``provision``. The same ``submission_key`` returns the same decision.
    Raises ``NotAllowed``, ``OwnReport``, ``NotYetHappened``, ``ReasonMissing``, ``ProvisionMissing``.
    """
    incident = locked(incident)
    require_discloser(incident, by)
    # Looked up under the lock: whoever sent the same form a moment ago is done by now.
    if already := Disclosure.objects.filter(submission_key=submission_key).first():
        if already.decided_by_id != by.pk or already.incident_id != incident.pk:
            raise NotAllowed
        return already
    if asked.on > clock.today():
        raise NotYetHappened
    items = [] if refused else items_of(incident)
    hidden = {item.key: masked.get(item.key) or provision.strip() for item in items if item.key not in shown}
    outcome = Outcome.REFUSED if refused else Outcome.MASKED if hidden else Outcome.WHOLE
    _check(outcome, hidden, provision, reason)
    with override(settings.LANGUAGE_CODE):
        decided = Disclosure.objects.create(
            municipality=incident.municipality,
            incident=incident,
            asked_by=asked.by.strip(),
            asked_on=asked.on,
            asked_for=asked.what.strip(),
            outcome=outcome,
            shown=[item.key for item in items if item.key not in hidden],
            masked=hidden,
            provision=provision.strip(),
            reason=reason.strip(),
            content=_content(incident, items, hidden),
            decided_by=by,
            decided_title=title_of(by, incident.body, clock.today())[:120],
            decided_at=clock.now(),
            submission_key=submission_key,
        )
    change = IncidentStatus.Change.DISCLOSURE_REFUSED if refused else IncidentStatus.Change.DISCLOSED
    note(incident, change, by=by)
    if not refused:
        note_reading(incident=incident, what=ReadLog.What.EXPORT, by=by)
    return decided


def _check(outcome: str, hidden: Mapping[str, str], provision: str, reason: str) -> None:
    """A refusal, whole or in part, cites its provision and says why."""
    if outcome == Outcome.WHOLE:
        return
    if not reason.strip():
        raise ReasonMissing
    if not all(hidden.values()) or (outcome == Outcome.REFUSED and not provision.strip()):
        raise ProvisionMissing


def paper_rows(items: list[Item], hidden: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the lines of a copy; of a masked piece only its provision, and not a letter of its words."""
    return [
        {"group": str(item.group), "label": item.label}
        | ({"masked": hidden[item.key]} if item.key in hidden else {"value": item.value})
        for item in items
    ]


def _content(incident: Incident, items: list[Item], hidden: Mapping[str, str]) -> dict[str, object]:
    """Return what the paper says, as it stands at the decision: later changes of the case don't change it."""
    rules = incident.municipality.rules(clock.today())
    return {
        "number": incident.label,
        "body": incident.body.name,
        "authority": _authority(incident),
        "rows": paper_rows(items, hidden),
        "appeal": appeal_lines(rules, _authority(incident)),
    }


def _authority(incident: Incident) -> str:
    """Return the name of the committee, board or company whose document it is; it decides (OSL 6:3)."""
    if incident.body.is_authority:
        return incident.body.name
    ties = BodyClosure.objects.filter(descendant=incident.body, ancestor__kind__in=AUTHORITIES)
    above = ties.values_list("ancestor__name", flat=True).first()
    return above or incident.municipality.full_name


def paper_of(disclosure: Disclosure) -> bytes | None:
    """Return the stored paper; laid out from what was kept at the decision, once, when it is first asked for.

    None: it has been removed. Not in a transaction: laying out takes a while.
    """
    if disclosure.file:
        return _stored(disclosure.file)
    if not disclosure.content:
        return None
    content = _laid_out(disclosure)
    name = default_storage.save(f"{FOLDER}/{disclosure.public_id}/{uuid.uuid4()}.pdf", ContentFile(content))
    kept = (
        Disclosure.objects.filter(pk=disclosure.pk, file="")
        .exclude(content={})
        .update(file=name, digest=hashlib.sha256(content).hexdigest(), content={})
    )
    if kept:
        return content
    # Somebody else was first, or it was removed meanwhile.
    default_storage.delete(name)
    disclosure.refresh_from_db()
    return _stored(disclosure.file) if disclosure.file else None


def _stored(name: str) -> bytes | None:
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
            return content
    except FileNotFoundError:
        return None


def _laid_out(disclosure: Disclosure) -> bytes:
    municipality = disclosure.incident.municipality
    context = disclosure.content | {
        "disclosure": disclosure,
        "municipality": municipality,
        "is_demo": municipality.is_demo,
        "refused": disclosure.outcome == Outcome.REFUSED,
        "in_part": disclosure.outcome == Outcome.MASKED,
    }
    with override(settings.LANGUAGE_CODE):
        title = f"{disclosure.get_outcome_display()}, {disclosure.content['number']}"
    return render_pdf("incidents/disclosure/paper.html", context, title=title, lang=settings.LANGUAGE_CODE)
