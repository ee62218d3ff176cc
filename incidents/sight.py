"""What one person sees and does of one case; the only place where this is decided."""

from dataclasses import dataclass

from incidents.models import Incident
from incidents.permissions import HANDLE_INCIDENT, KEEP_FUND, READ_NARRATIVE
from organisation.access import Scope
from organisation.models import User


@dataclass(frozen=True)
class Sight:
    """One person before one case that they may see.

    ``reads_text`` is for those who may read it and for the reporter; ``sees_reporter`` for those who
    handle the case and the reporter; nobody handles their own report.
    """

    is_reporter: bool
    reads_text: bool
    sees_reporter: bool
    handles: bool
    # What it led to and cost, and the insurance: its handler's, and the safety unit's to compile (R123-R125).
    keeps_damage: bool = False

    @classmethod
    def of(cls, incident: Incident, person: User) -> "Sight":
        """Return what ``person`` sees of ``incident`` today."""
        scope = Scope.of(person)
        is_reporter = incident.is_reported_by(person)
        handler = scope.allows(HANDLE_INCIDENT, incident)
        return cls(
            is_reporter=is_reporter,
            reads_text=is_reporter or scope.allows(READ_NARRATIVE, incident),
            sees_reporter=is_reporter or handler,
            handles=handler and not is_reporter,
            keeps_damage=not is_reporter
            and (handler or (scope.holds(KEEP_FUND) and scope.allows(KEEP_FUND, incident))),
        )
