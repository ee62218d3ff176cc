"""What the reporters of the demo answered beyond what happened and when: as a report's second screen asks."""

from datetime import time

from followup.demo.chance import Chance, texts
from incidents.models import (
    INJURIES,
    PROPERTY_KINDS,
    Affected,
    Channel,
    Incident,
    IncidentKind,
    Injury,
    InjuryDegree,
    OtherParty,
    Place,
    PoliceReport,
)
from incidents.services.asking import version_used
from organisation.models import Municipality

# In these somebody stands against somebody.
AGAINST_SOMEBODY = frozenset(
    {IncidentKind.THREAT, IncidentKind.VIOLENCE, IncidentKind.HARASSMENT, IncidentKind.UNDUE_INFLUENCE}
)
BY_PHONE, ALL_ANSWERED = 0.06, 0.8


class Answering:
    """Answers by kind of event and of workplace; drawn apart, so that the rest of the demo stays as it was."""

    def __init__(self, municipality: Municipality, year: int) -> None:
        self.municipality = municipality
        self.chance = Chance(f"{municipality.key}-{year}-answers")
        self.words = texts("cases")
        self._versions: dict[str, int] = {}

    def answer(self, incident: Incident, theme: str) -> None:
        """Fill the columns of one case that is not written yet; every fifth report is a quick one, without answers."""
        if self.chance.happens(BY_PHONE):
            incident.channel = Channel.PHONE
        elif not self.chance.happens(ALL_ANSWERED):
            return
        incident.question_set_id = self._version(incident.kind)
        incident.occurred_at = time(self.chance.number(7, 20), self.chance.one((0, 15, 30, 45)))
        incident.place = self._drawn("place", theme, Place.WORKPLACE)
        incident.affected = self._affected(incident.kind, theme)
        self._injury(incident)
        if incident.kind in AGAINST_SOMEBODY:
            incident.other_party = self._drawn("other_party", theme, OtherParty.UNKNOWN)
            incident.event_channel = self._drawn("event_channel", incident.kind, "meeting")
            incident.happened_before = self.chance.happens(0.35)
            incident.threat_remains = self.chance.happens(0.15)
        incident.working_alone = self.chance.happens(0.3)
        incident.wants_contact = self.chance.happens(0.5)
        if share := self.words["police"].get(incident.kind):
            incident.police_report = PoliceReport.YES if self.chance.happens(share) else PoliceReport.NO

    def _version(self, kind: str) -> int:
        """The version of the questions that reports of the kind are answered by."""
        if kind not in self._versions:
            self._versions[kind] = version_used(self.municipality, kind).pk
        return self._versions[kind]

    def _drawn(self, of: str, name: str, otherwise: str) -> str:
        weights = self.words[of].get(name)
        return str(self.chance.weighted(weights)) if weights else str(otherwise)

    def _affected(self, kind: str, theme: str) -> str:
        if kind in PROPERTY_KINDS or kind in (IncidentKind.RISK_OBSERVATION, IncidentKind.FIRE):
            return Affected.NOBODY
        return self._drawn("affected", theme, Affected.EMPLOYEE)

    def _injury(self, incident: Incident) -> None:
        if incident.affected == Affected.NOBODY:
            return
        incident.injury = self._drawn("injury", incident.kind, Injury.NONE)
        if incident.injury not in INJURIES:
            return
        incident.injury_degree = str(self.chance.weighted(self.words["degree"]))
        incident.injured_count = 1
        incident.absence_days = self.chance.weighted({0: 60.0, 1: 20.0, 4: 12.0, 15: 8.0})
        if incident.injury_degree == InjuryDegree.SERIOUS:
            incident.absence_days += 10
