"""Municipality, bodies, people, seats, meetings: the ground floor that every app stands on."""

from organisation.models.base import ALWAYS, DatedModel, DatedQuerySet, SourcedModel, TenantModel, new_public_id
from organisation.models.body import (
    AUTHORITIES,
    HOLD_OTHERS,
    HOLD_OTHERS_FIRST,
    PLANNING_BODIES,
    WORKPLACES,
    Body,
    BodyClosure,
    BodyKind,
    BodyName,
    BodyQuerySet,
    Placement,
    names_on,
    parents_on,
)
from organisation.models.cache import CacheRow
from organisation.models.chart_paper import ChartPaper
from organisation.models.group import (
    GROUPS,
    MEMBERSHIPS,
    Assignment,
    AssignmentKind,
    Attendance,
    GroupAction,
    GroupDecision,
    GroupMeeting,
    Representation,
)
from organisation.models.headcount import Headcount
from organisation.models.importing import ImportRun, ImportState
from organisation.models.login import LoginProvider
from organisation.models.matter import (
    CoordinationMatter,
    CoordinationMatterQuerySet,
    MatterBody,
    MatterState,
    MatterStatus,
)
from organisation.models.meeting import Decision, Meeting, Outcome
from organisation.models.municipality import LoadedRow, Municipality, PersonsRank, Ruleset
from organisation.models.person import User
from organisation.models.reorganising import Reorganisation, ReorganisationKind, ReorganisedBody
from organisation.models.saved_filter import SavedFilter
from organisation.models.seat import FOR_ALL, REPRESENTATIVES, Absence, Appointment, Seat, SeatKind, SeatType, Vacancy
from organisation.models.union import (
    AreaBody,
    Mandate,
    NumberSeries,
    RequestState,
    RequestStatus,
    WorkEnvironmentRequest,
    WorkStop,
)

__all__ = [
    "ALWAYS",
    "AUTHORITIES",
    "HOLD_OTHERS",
    "HOLD_OTHERS_FIRST",
    "Absence",
    "Appointment",
    "AreaBody",
    "Assignment",
    "AssignmentKind",
    "Attendance",
    "Body",
    "BodyClosure",
    "BodyKind",
    "BodyName",
    "BodyQuerySet",
    "CacheRow",
    "ChartPaper",
    "CoordinationMatter",
    "CoordinationMatterQuerySet",
    "DatedModel",
    "DatedQuerySet",
    "Decision",
    "FOR_ALL",
    "GROUPS",
    "GroupAction",
    "GroupDecision",
    "GroupMeeting",
    "Headcount",
    "ImportRun",
    "ImportState",
    "LoadedRow",
    "LoginProvider",
    "MEMBERSHIPS",
    "Mandate",
    "MatterBody",
    "MatterState",
    "MatterStatus",
    "Meeting",
    "Municipality",
    "NumberSeries",
    "Outcome",
    "PLANNING_BODIES",
    "WORKPLACES",
    "PersonsRank",
    "Placement",
    "REPRESENTATIVES",
    "Reorganisation",
    "ReorganisationKind",
    "ReorganisedBody",
    "Representation",
    "RequestState",
    "RequestStatus",
    "Ruleset",
    "SavedFilter",
    "Seat",
    "SeatKind",
    "SeatType",
    "SourcedModel",
    "TenantModel",
    "User",
    "Vacancy",
    "WorkEnvironmentRequest",
    "WorkStop",
    "names_on",
    "new_public_id",
    "parents_on",
]
