"""What a case that comes from another system can say: each field, how its cells are read, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.models import (
    TOLD,
    Affected,
    EventChannel,
    IncidentKind,
    Injury,
    InjuryDegree,
    OtherParty,
    Place,
    PoliceReport,
)
from organisation.people_import.columns import plain


class Read(Enum):
    """How a cell is read."""

    NUMBER = "number"
    BODY = "body"
    DAY = "day"
    TIME = "time"
    CHOICE = "choice"
    YES_NO = "yes_no"
    COUNT = "count"
    KRONOR = "kronor"
    LINE = "line"
    TEXT = "text"


@dataclass(frozen=True)
class Field:
    """One field of a case.

    ``column`` is the case's own column, "" for what stands apart; ``narrative`` the key of a text; ``names`` are
    headings under which other systems have it, beside its label.
    """

    key: str
    label: str | Promise
    read: Read
    column: str = ""
    narrative: str = ""
    choices: type[TextChoices] | None = None
    needed: bool = False
    limit: int = 0
    names: tuple[str, ...] = ()


def _same(key: str, label: str | Promise, read: Read, **more: object) -> Field:
    return Field(key, label, read, column=key, **more)  # type: ignore[arg-type]


FIELDS: tuple[Field, ...] = (
    Field(
        "number",
        _("Number in the other system"),
        Read.NUMBER,
        needed=True,
        limit=60,
        names=("id", "ärendenummer", "nummer", "ärende", "löpnummer", "case number", "number"),
    ),
    Field(
        "body",
        _("Workplace"),
        Read.BODY,
        needed=True,
        limit=200,
        names=("arbetsplats", "enhet", "enhetskod", "unit", "avdelning", "verksamhet"),
    ),
    _same("kind", _("Kind"), Read.CHOICE, choices=IncidentKind, needed=True, names=("typ", "händelsetyp", "kategori")),
    _same(
        "occurred_on",
        _("Day it happened"),
        Read.DAY,
        needed=True,
        names=("händelsedatum", "datum", "inträffade", "date", "skadedatum"),
    ),
    Field(
        "reported_on",
        _("Day it was reported"),
        Read.DAY,
        names=("rapporterad", "anmäld", "registrerad", "anmälningsdatum", "reported"),
    ),
    Field("closed_on", _("Day it was closed"), Read.DAY, names=("avslutad", "avslutat", "stängd", "closed")),
    _same("occurred_at", _("Time of day"), Read.TIME, names=("klockslag", "tid", "time")),
    _same("serious", _("Serious"), Read.YES_NO, names=("allvarlig", "allvarligt")),
    _same("place", _("Kind of place"), Read.CHOICE, choices=Place, names=("plats", "place")),
    _same("event_channel", _("How it reached the one affected"), Read.CHOICE, choices=EventChannel, names=("kanal",)),
    _same("affected", _("Who was affected"), Read.CHOICE, choices=Affected, names=("drabbad", "drabbad grupp")),
    _same("other_party", _("The other party"), Read.CHOICE, choices=OtherParty, names=("motpart", "förövare")),
    _same("injury", _("Injury"), Read.CHOICE, choices=Injury, names=("skada", "skadetyp")),
    _same("injury_degree", _("How grave the injury was"), Read.CHOICE, choices=InjuryDegree, names=("skadegrad",)),
    _same("injured_count", _("Number of injured"), Read.COUNT, names=("antal skadade",)),
    _same("absence_days", _("Days away from work"), Read.COUNT, names=("sjukdagar", "frånvarodagar", "frånvaro")),
    _same("working_alone", _("Working alone"), Read.YES_NO, names=("ensamarbete",)),
    _same("happened_before", _("Has happened before"), Read.YES_NO, names=("har hänt tidigare",)),
    _same("police_report", _("Police report"), Read.CHOICE, choices=PoliceReport, names=("polisanmälan",)),
    _same("cost_ore", _("Cost in kronor"), Read.KRONOR, names=("kostnad", "cost")),
    _same("registry_number", _("Registry number"), Read.LINE, limit=60, names=("diarienummer", "dnr")),
    Field(
        "told",
        _("What happened, in own words"),
        Read.TEXT,
        narrative=TOLD,
        names=("beskrivning", "händelseförlopp", "fritext", "description", "händelse"),
    ),
    Field("course", _("What led up to it"), Read.TEXT, narrative="course", names=("orsak", "bakgrund")),
    Field("proposal", _("Measures"), Read.TEXT, narrative="proposal", names=("åtgärd", "åtgärder", "förslag")),
    Field("reporter_name", _("Name of the reporter"), Read.LINE, limit=200, names=("anmälare", "rapportör")),
    Field("reporter_contact", _("How the reporter is reached"), Read.LINE, limit=200, names=("kontakt",)),
)
BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}


def guessed_columns(headings: list[str]) -> dict[str, str]:
    """Return field key → heading that seems to mean it; each heading means one field at the most."""
    left = {plain(heading): heading for heading in reversed(headings) if plain(heading)}
    found = {}
    for field in FIELDS:
        for name in _names_of(field.key):
            if name in left:
                found[field.key] = left.pop(name)
                break
    return found


@cache
def words_for(key: str) -> Mapping[str, str]:
    """Return every word for a choice of the field, as it is compared, with the choice."""
    choices = BY_KEY[key].choices
    if choices is None:
        return {}
    words = {plain(value): value for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {plain(str(choices(value).label)): value for value in choices.values}
    return words


@cache
def _names_of(key: str) -> tuple[str, ...]:
    field = BY_KEY[key]
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.append(str(field.label))
    return tuple(plain(name) for name in (key, *labels, *field.names))
