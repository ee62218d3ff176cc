"""The closed word lists of a municipality file: what a body, a seat, a document may be.

They are the field's nouns, not any municipality's: how many of them a municipality has, and what it calls
them, stands in its own file.
"""

from __future__ import annotations

from enum import StrEnum


class BodyKind(StrEnum):
    """What a body is; the local name stands in the file."""

    COUNCIL = "council"  # kommunfullmäktige
    BOARD = "board"  # kommunstyrelse
    COMMITTEE = "committee"  # nämnd
    WORKING_COMMITTEE = "working_committee"  # arbetsutskott
    CRISIS_COMMITTEE = "crisis_committee"  # krisledningsnämnd
    JOINT_COMMITTEE = "joint_committee"  # gemensam nämnd
    COMPANY = "company"  # kommunalt bolag
    FEDERATION = "federation"  # kommunalförbund
    DEPARTMENT = "department"  # förvaltning, kontor, sektor, avdelning: on as many levels as there are
    UNIT = "unit"  # enhet, arbetsplats
    SAFETY_UNIT = "safety_unit"  # säkerhetsenhet
    SAFETY_GROUP = "safety_group"  # säkerhetsgrupp
    RISK_GROUP = "risk_group"  # riskhanteringsgrupp
    CRIME_PREVENTION_COUNCIL = "crime_prevention_council"  # brottsförebyggande råd
    CRISIS_SUPPORT = "crisis_support"  # krisgrupp for psychosocial care
    CRISIS_COMMAND = "crisis_command"  # central krisledning
    OTHER_GROUP = "other_group"
    OUTSIDE_PARTY = "outside_party"  # authority, association, company that is not the municipality's


class SeatKind(StrEnum):
    """What a seat may do follows its kind; its title is the municipality's own word."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"
    HEAD = "head"  # förvaltningschef, or the managing director of a company
    CHIEF_EXECUTIVE = "chief_executive"  # kommundirektör, stadsdirektör
    HEAD_OF_SECURITY = "head_of_security"
    SAFETY_COORDINATOR = "safety_coordinator"  # for the whole municipality
    DEPARTMENT_COORDINATOR = "department_coordinator"
    UNIT_MANAGER = "unit_manager"
    UNIT_OMBUD = "unit_ombud"
    SAFETY_REPRESENTATIVE = "safety_representative"  # skyddsombud: another role than the ombud
    CHIEF_SAFETY_REPRESENTATIVE = "chief_safety_representative"  # huvudskyddsombud
    CRIME_PREVENTION_STRATEGIST = "crime_prevention_strategist"
    PREPAREDNESS_COORDINATOR = "preparedness_coordinator"
    PROTECTIVE_SECURITY_MANAGER = "protective_security_manager"
    INFORMATION_SECURITY_COORDINATOR = "information_security_coordinator"
    EMPLOYEE = "employee"
    ADMINISTRATOR = "administrator"
    DUTY_OFFICER = "duty_officer"  # tjänsteman i beredskap
    ARCHIVIST = "archivist"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    GROUP_LEADER = "group_leader"  # sammankallande
    GROUP_MEMBER = "group_member"
    OUTSIDE_MEMBER = "outside_member"  # from an authority or another party: sees what is shared with the group
    OTHER = "other"  # a title that gives no right of its own


class ActorKind(StrEnum):
    """What an actor named in the file turned out to be."""

    BODY_KIND = "body_kind"
    BODY = "body"
    SEAT_TYPE = "seat_type"


class PersonsRank(StrEnum):
    """How the safety of persons is weighed: "highest" sorts first, "high" breaks ties."""

    HIGHEST = "highest"
    HIGH = "high"


class ReviewRule(StrEnum):
    """When a governing document is to be reviewed."""

    FIRST_YEAR_OF_TERM = "first_year_of_term"
    EVERY_TERM = "every_term"
    EVERY_N_YEARS = "every_n_years"  # needs `years`
    BY_DATE = "by_date"  # needs `date`
    WHEN_NEEDED = "when_needed"
    UNTIL_FURTHER_NOTICE = "until_further_notice"
    UNSAID = "unsaid"


class FollowupAnchor(StrEnum):
    """The process that the yearly follow-up is tied to."""

    GOALS_AND_BUDGET = "goals_and_budget"
    ANNUAL_ACCOUNTS = "annual_accounts"
    INTERNAL_CONTROL = "internal_control"
    QUALITY_WORK = "quality_work"
    OWN_DATE = "own_date"  # tied to nothing else


class ArchiveBylaw(StrEnum):
    """Who decides about disposal of cases, by the municipality's archive by-law."""

    COMMITTEE = "committee"
    ARCHIVE_AUTHORITY = "archive_authority"


class EscalationSeat(StrEnum):
    """Whose seat an escalated case is put to."""

    DUTY_OFFICER = "duty_officer"
    HEAD_OF_SECURITY = "head_of_security"
    CHIEF_EXECUTIVE = "chief_executive"


class EscalationChannel(StrEnum):
    """By which channel the holder is reached."""

    MAIL = "mail"
    WEBHOOK = "webhook"  # the municipality's alarm service


class DocumentKind(StrEnum):
    """What a governing document is."""

    POLICY = "policy"
    STRATEGY = "strategy"
    GUIDELINE = "guideline"
    PROGRAMME = "programme"
    PLAN = "plan"
    RULES = "rules"  # föreskrifter, regler, reglemente
    INSTRUCTION = "instruction"
    STANDARD = "standard"
    SUPPLEMENT = "supplement"
    VISION = "vision"
    PUBLISHED_PAGE = "published_page"  # principles that stand on a web page and in no decided document
    OTHER = "other"


class ClauseKind(StrEnum):
    """What a clause does."""

    GOAL = "goal"
    DUTY = "duty"
    DIRECTION = "direction"
    DEFINITION = "definition"
    ACTIVITY = "activity"
    FOLLOWUP = "followup"
    RESPONSIBILITY = "responsibility"


class Strength(StrEnum):
    """How binding a clause is."""

    SHALL = "shall"
    SHOULD = "should"
    MAY = "may"


class Trend(StrEnum):
    """Where an indicator is meant to go."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"


class ScaleUse(StrEnum):
    """What a scale is for: at most one scale per use is in force on any day."""

    GENERAL = "general"
    INTERNAL_CONTROL = "internal_control"
    VULNERABILITY_ANALYSIS = "vulnerability_analysis"  # risk- och sårbarhetsanalys, by return period
    INFORMATION_SECURITY = "information_security"


class ReadingOccasion(StrEnum):
    """When a governing document is to be read and acknowledged."""

    AT_HIRE = "at_hire"
    NEW_VERSION = "new_version"
    YEARLY = "yearly"
