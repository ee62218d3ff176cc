"""The incident itself, its number, its states, and the questions asked about many of them."""

import uuid
from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, SmallIntegerField, Sum, When
from django.db.models.functions import ExtractMonth
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from incidents.models.apart import Identity, IncidentGrant, Withheld
from incidents.permissions import VIEW_INCIDENT, VIEW_STATISTICS
from organisation import clock
from organisation.access import Scope, ScopedQuerySet
from organisation.models import Body, BodyClosure, Municipality, TenantModel


class IncidentKind(models.TextChoices):
    """What kind of event it was; what must be notified is computed from the answers, never from this."""

    THREAT = "threat", _("Threat")
    VIOLENCE = "violence", _("Violence")
    HARASSMENT = "harassment", _("Harassment")
    NEAR_MISS = "near_miss", _("Near miss")
    ACCIDENT = "accident", _("Accident")
    OCCUPATIONAL_DISEASE = "occupational_disease", _("Occupational disease")
    VANDALISM = "vandalism", _("Vandalism")
    THEFT = "theft", _("Burglary or theft")
    FIRE = "fire", _("Fire")
    ECONOMIC_CRIME = "economic_crime", _("Economic crime or cash")
    INFORMATION_SECURITY = "information_security", _("Information security")
    UNDUE_INFLUENCE = "undue_influence", _("Undue influence")
    DISRUPTION = "disruption", _("Disruption of operations")
    ENVIRONMENT = "environment", _("Environment")
    RISK_OBSERVATION = "risk_observation", _("Risk observation")
    OTHER = "other", _("Something else")


# The five choices of the first screen: short, for someone who is upset and holds a phone.
QUICK_KINDS = (
    IncidentKind.THREAT,
    IncidentKind.VIOLENCE,
    IncidentKind.HARASSMENT,
    IncidentKind.NEAR_MISS,
    IncidentKind.OTHER,
)
KIND_WORDS = dict(IncidentKind.choices)
# What is done to things rather than to people.
PROPERTY_KINDS = frozenset(
    {
        IncidentKind.VANDALISM,
        IncidentKind.THEFT,
        IncidentKind.ECONOMIC_CRIME,
        IncidentKind.INFORMATION_SECURITY,
        IncidentKind.DISRUPTION,
        IncidentKind.ENVIRONMENT,
    }
)


class IncidentState(models.TextChoices):
    """Where the case stands."""

    NEW = "new", _("New")
    READ = "read", _("Read")
    CLOSED = "closed", _("Closed")


STATE_WORDS = dict(IncidentState.choices)
STATE_TONES: dict[str, str] = {IncidentState.NEW: "new", IncidentState.CLOSED: "done"}


class OccurredWhen(models.TextChoices):
    """When it happened, as the reporter put it."""

    JUST_NOW = "just_now", _("Just now")
    TODAY = "today", _("Earlier today")
    ANOTHER_DAY = "another_day", _("Another day")


class Channel(models.TextChoices):
    """How the report reached the municipality."""

    PORTAL = "portal", _("The reporter, logged in")
    POSTER = "poster", _("The reporter, without log-in")
    PHONE = "phone", _("By phone")
    PAPER = "paper", _("On paper")
    IMPORT = "import", _("From another system")


class EventChannel(models.TextChoices):
    """How the event reached the one affected."""

    MEETING = "meeting", _("Face to face")
    PHONE = "phone", _("By phone")
    WRITING = "writing", _("By letter or e-mail")
    SOCIAL_MEDIA = "social_media", _("In social media")
    THIRD_PARTY = "third_party", _("Through somebody else")
    UNSAID = "unsaid", _("Don't know, or rather not say")


class Place(models.TextChoices):
    """What kind of place it happened in."""

    WORKPLACE = "workplace", _("At the workplace")
    HOME_VISIT = "home_visit", _("On a home visit")
    ON_THE_WAY = "on_the_way", _("On the way to or from work, or between two places")
    PRIVATE_TIME = "private_time", _("In private time")
    UNSAID = "unsaid", _("Don't know, or rather not say")


class Affected(models.TextChoices):
    """Who was affected; elected representatives have no work-environment clocks."""

    EMPLOYEE = "employee", _("Employee")
    TEMP = "temp", _("Temporary or agency worker")
    PUPIL = "pupil", _("Pupil or child")
    CLIENT = "client", _("Client")
    RESIDENT = "resident", _("Resident")
    VISITOR = "visitor", _("Visitor")
    ELECTED = "elected", _("Elected representative")
    CONTRACTOR = "contractor", _("Contractor")
    NOBODY = "nobody", _("Nobody")
    UNSAID = "unsaid", _("Don't know, or rather not say")


class OtherParty(models.TextChoices):
    """The other party as a category; there is no register of perpetrators."""

    CLIENT = "client", _("Client")
    PUPIL = "pupil", _("Pupil")
    RELATIVE = "relative", _("Relative")
    VISITOR = "visitor", _("Visitor")
    COLLEAGUE = "colleague", _("Colleague")
    MANAGER = "manager", _("My manager")
    UNKNOWN = "unknown", _("Unknown person")
    NOBODY = "nobody", _("Nobody")
    UNSAID = "unsaid", _("Rather not say")


class Injury(models.TextChoices):
    """What kind of injury the one affected got."""

    NONE = "none", _("No injury")
    PHYSICAL = "physical", _("Physical")
    PSYCHOLOGICAL = "psychological", _("Psychological")
    BOTH = "both", _("Physical and psychological")
    UNSAID = "unsaid", _("Don't know, or rather not say")


class InjuryDegree(models.TextChoices):
    """How grave the injury is; what must be notified follows from it (AML 3:3a)."""

    NONE = "none", pgettext_lazy("injury", "None")
    MINOR = "minor", _("Minor")
    SERIOUS = "serious", pgettext_lazy("injury", "Serious")
    DEATH = "death", _("Death")
    UNSAID = "unsaid", _("Not known yet")


class PoliceReport(models.TextChoices):
    """Whether the police have been told."""

    YES = "yes", _("Reported")
    NO = "no", _("Not reported")
    CONSIDERING = "considering", _("Being considered")


# Kinds of injury that count as one, for near misses per injury.
INJURIES = frozenset({Injury.PHYSICAL, Injury.PSYCHOLOGICAL, Injury.BOTH})

# Serious ones first, the oldest first: a number and not the mark itself, so that all of the order runs one way and a
# page is found in its index however deep it lies (organisation/keyset.py).
RANK_SERIOUS = 0
RANK = Case(When(serious=True, then=RANK_SERIOUS), default=1, output_field=SmallIntegerField())
INBOX_ORDER = (F("municipality"), RANK, F("reported_at"), F("id"))
KEPT = Q(disposed_at__isnull=True)


class IncidentQuerySet(ScopedQuerySet):
    """Questions about many incidents."""

    view_permission = VIEW_INCIDENT

    def visible_to(self, user: Any) -> Self:
        """Cases that the person may see; never one that is kept from them, nor one that has been disposed of."""
        return super().visible_to(user).kept()._not_withheld_from(user)

    def permitted(self, user: Any, permission: str) -> Self:
        """Cases on which the person holds ``permission`` by seat, with the same exceptions."""
        return super().permitted(user, permission).kept()._not_withheld_from(user)

    def _not_withheld_from(self, user: Any) -> Self:
        # Few are kept from anybody: read once, and not asked for anew at each case.
        return self.exclude(pk__in=Withheld.objects.filter(person_id=user.pk).values("incident_id"))

    def kept(self) -> Self:
        """Cases that have not been disposed of: of those only what is counted is left."""
        return self.filter(disposed_at__isnull=True)

    def counted(self) -> Self:
        """Cases that statistics count: an event reported twice, and merged, once; disposed of or not."""
        return self.filter(merged_into__isnull=True)

    def counted_for(self, scope: Scope) -> Self:
        """Cases in the figures that the person has of their bodies; a case that is kept from them is in none."""
        kept_from = Withheld.objects.filter(incident=OuterRef("pk"), person_id=scope.user_id)
        return self.filter(scope.condition(VIEW_STATISTICS)).counted().exclude(Exists(kept_from))

    def _exceptions(self, scope: Scope) -> Q:
        """The person's own reports, and cases shared with them."""
        if scope.user_id is None or scope.municipality_id is None:
            return Q(pk__in=())
        own = Identity.objects.filter(person_id=scope.user_id, role=Identity.Role.REPORTER).values("incident_id")
        shared = IncidentGrant.objects.held_by(scope.user_id, VIEW_INCIDENT).values("content_object_id")
        return Q(municipality_id=scope.municipality_id) & (Q(pk__in=own) | Q(pk__in=shared))

    def shared_with(self, person: Any, permission: str) -> Self:
        """Cases on which the person holds ``permission`` by a grant in force today, and not by seat."""
        shared = IncidentGrant.objects.held_by(person.pk, permission).values("content_object_id")
        found = self.filter(pk__in=shared, municipality_id=person.municipality_id)
        return found.kept()._not_withheld_from(person)

    def of(self, municipality: Municipality) -> Self:
        """Incidents of one municipality."""
        return self.filter(municipality=municipality)

    def reported_by(self, person: Any) -> Self:
        """The person's own reports, in the municipality that they belong to."""
        own = Identity.objects.filter(person=person, role=Identity.Role.REPORTER).values("incident_id")
        return self.filter(pk__in=own, municipality_id=person.municipality_id).kept()

    def open(self) -> Self:
        """Cases that are not closed."""
        return self.exclude(state=IncidentState.CLOSED)

    def ranked(self) -> Self:
        """Cases with ``rank``, by which serious ones stand first."""
        return self.annotate(rank=RANK)

    def marked_serious(self) -> Self:
        """Cases that stand above the others."""
        return self.ranked().filter(rank=RANK_SERIOUS)

    def had_by(self, person: Any) -> Self:
        """Cases that the person has now; with none, those that nobody has."""
        given = self._given()
        if person is None:
            return self.exclude(Exists(given.filter(incident=OuterRef("pk"))))
        return self.filter(pk__in=given.filter(person=person).values("incident_id"))

    @staticmethod
    def _given() -> models.QuerySet[Any]:
        """Who has which case now; their table stands in a file above this one."""
        given: Any = Incident._meta.get_field("assignments").related_model
        rows: models.QuerySet[Any] = given.objects.filter(ended_at__isnull=True)
        return rows

    def unopened(self) -> Self:
        """Open cases that whoever has them has not opened yet."""
        waiting = self._given().filter(acknowledged_at__isnull=True, incident=OuterRef("pk"))
        return self.open().filter(Exists(waiting))

    def answer_overdue(self) -> Self:
        """Open cases in which nobody has answered the reporter, and the promised day has passed."""
        return self.open().filter(first_answered_at__isnull=True, answer_by__lt=clock.today())

    def at_or_below(self, body: Body) -> Self:
        """Incidents at the body and at all that lies below it today."""
        below = BodyClosure.objects.filter(ancestor=body).values("descendant_id")
        return self.filter(Q(body=body) | Q(body_id__in=below))

    def occurred_in(self, year: int) -> Self:
        """Incidents that occurred during the calendar year."""
        return self.filter(occurred_on__year=year)

    def by_month(self, year: int) -> list[int]:
        """Return twelve counts: how many occurred in each month of the year."""
        counted = self._counts(self.occurred_in(year).annotate(month=ExtractMonth("occurred_on")), "month")
        return [counted.get(month, 0) for month in range(1, 13)]

    def by_kind(self) -> dict[str, int]:
        """Return kind → count; a kind without incidents is left out."""
        return self._counts(self, "kind")

    def by_body(self) -> dict[int, int]:
        """Return body id → count; a body without incidents is left out."""
        return self._counts(self, "body_id")

    def cost_ore(self) -> int:
        """Return the stated costs together, in öre."""
        return self.aggregate(total=Sum("cost_ore"))["total"] or 0

    def cost_ore_by_body(self) -> dict[int, int]:
        """Return body id → stated costs in öre; a body without a stated cost is left out."""
        stated = self.filter(cost_ore__isnull=False).order_by().values("body_id")
        return dict(stated.annotate(total=Sum("cost_ore")).values_list("body_id", "total"))

    @staticmethod
    def _counts(incidents: models.QuerySet[Any], column: str) -> dict[Any, int]:
        return dict(incidents.order_by().values(column).annotate(count=Count("pk")).values_list(column, "count"))


class Incident(TenantModel):
    """A reported event at a body: what is listed and counted, without text and without names."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="incidents")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=IncidentKind.choices)
    occurred_when = models.CharField(max_length=20, choices=OccurredWhen.choices, default=OccurredWhen.TODAY)
    occurred_on = models.DateField()
    reported_at = models.DateTimeField()
    became_aware_at = models.DateTimeField()
    answer_by = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=IncidentState.choices, default=IncidentState.NEW)
    serious = models.BooleanField(default=False)
    affects_persons = models.BooleanField(default=True)
    cost_ore = models.BigIntegerField(null=True, blank=True)
    # --- What the reporter answered and is counted, or starts a clock (incidents/catalogue) ---
    channel = models.CharField(max_length=20, choices=Channel.choices, default=Channel.PORTAL)
    occurred_at = models.TimeField(null=True, blank=True)
    event_channel = models.CharField(max_length=20, choices=EventChannel.choices, blank=True)
    place = models.CharField(max_length=20, choices=Place.choices, blank=True)
    affected = models.CharField(max_length=20, choices=Affected.choices, blank=True)
    other_party = models.CharField(max_length=20, choices=OtherParty.choices, blank=True)
    injury = models.CharField(max_length=20, choices=Injury.choices, blank=True)
    injury_degree = models.CharField(max_length=20, choices=InjuryDegree.choices, blank=True)
    injured_count = models.PositiveSmallIntegerField(null=True, blank=True)
    absence_days = models.PositiveSmallIntegerField(null=True, blank=True)
    working_alone = models.BooleanField(null=True, blank=True)
    happened_before = models.BooleanField(null=True, blank=True)
    threat_remains = models.BooleanField(null=True, blank=True)
    police_report = models.CharField(max_length=20, choices=PoliceReport.choices, blank=True)
    wants_contact = models.BooleanField(null=True, blank=True)
    # The version of the questions that were asked; the answers are read with their words.
    question_set = models.ForeignKey(
        "incidents.QuestionSet", null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    # --- What has been done with it, as far as it is counted ---
    read_at = models.DateTimeField(null=True, blank=True)
    # When a handler first answered the reporter: by a message, or by closing the case with an answer.
    first_answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True)
    # Came with many others from one address: taken as any other, and told in one mail with them.
    held = models.BooleanField(default=False)
    secret = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_here")
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    # The municipality's registry number (diarienummer), as typed; never generated.
    registry_number = models.CharField(max_length=60, blank=True)
    # Where it was reported first: the other system and its number there.
    foreign_system = models.CharField(max_length=60, blank=True)
    foreign_number = models.CharField(max_length=60, blank=True)
    # The form's own key: the same form sent twice is the same incident and gets the same receipt.
    submission_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    objects = IncidentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-serious", "reported_at", "pk")
        # Beside Django's own: what a grant on one case can carry.
        permissions = (
            ("report_incident", "Can report an incident"),
            ("read_narrative", "Can read a case's text"),
            ("handle_incident", "Can handle a case"),
        )
        constraints = (
            models.UniqueConstraint(fields=("municipality", "year", "number"), name="incidents_number_once"),
            models.UniqueConstraint(
                fields=("municipality", "foreign_system", "foreign_number"),
                condition=~Q(foreign_number=""),
                name="incidents_foreign_number_once",
            ),
        )
        indexes = (
            # The inbox; and of the few cases that are open, however many years of closed ones there are.
            models.Index(*INBOX_ORDER, condition=KEPT, name="incidents_oldest_first"),
            models.Index(*INBOX_ORDER, condition=KEPT & ~Q(state="closed"), name="incidents_open_oldest_first"),
            # Its count needs no more than these; and whose own part is small, finds it here.
            models.Index(fields=("municipality", "body", "id"), condition=KEPT, name="incidents_kept"),
            models.Index(
                fields=("municipality", "body", "id"), condition=KEPT & ~Q(state="closed"), name="incidents_open"
            ),
            models.Index(fields=("municipality", "occurred_on"), name="incidents_occurred"),
            # The register (OSL 5:2): all cases, the latest first.
            models.Index(fields=("municipality", "-reported_at", "-id"), name="incidents_register"),
            models.Index(fields=("body", "occurred_on"), name="incidents_body"),
        )

    def __str__(self) -> str:
        return self.label

    # Django's own two gather all choices anew for each row of a list.
    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        """Return the kind in words."""
        return str(KIND_WORDS.get(self.kind, self.kind))

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        """Return where the case stands, in words."""
        return str(STATE_WORDS.get(self.state, self.state))

    @property
    def label(self) -> str:
        """The number that people say: H-2026-0417."""
        return f"H-{self.year}-{self.number:04d}"

    @property
    def reported_on(self) -> date:
        """The day on which it was reported, in the municipality's time."""
        return timezone.localtime(self.reported_at).date()

    @property
    def is_closed(self) -> bool:
        """Tell whether the case has been answered and closed."""
        return self.state == IncidentState.CLOSED

    @property
    def answer_is_late(self) -> bool:
        """Tell whether nobody has answered the reporter, and the promised day has passed."""
        waits = not self.is_closed and self.first_answered_at is None
        return waits and self.answer_by is not None and self.answer_by < clock.today()

    @property
    def standing(self) -> tuple[str, str]:
        """What a list says of where it stands, and that its answer is late before all else: (tone, words)."""
        if self.answer_is_late:
            return "late", gettext("Answer overdue")
        return STATE_TONES.get(self.state, "go"), self.get_state_display()

    @property
    def grant_model(self) -> type["IncidentGrant"]:
        return IncidentGrant

    def is_withheld_from(self, user_id: int | None) -> bool:
        """Tell whether the case is kept from the person, whatever their seats give; costs one query."""
        return user_id is not None and self.withheld.filter(person_id=user_id).exists()

    def is_reported_by(self, person: Any) -> bool:
        """Tell whether ``person`` sent the report; costs one query."""
        return self.identities.filter(person=person, role=Identity.Role.REPORTER).exists()


class IncidentCounter(models.Model):
    """The last number given in one municipality and year; its row is locked while a number is taken."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("incident counter")
        verbose_name_plural = _("incident counters")
        constraints = (models.UniqueConstraint(fields=("municipality", "year"), name="incidents_counter_once"),)

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.year}: {self.last}"


class IncidentStatus(models.Model):
    """One change of a case: who, when, from, to and why. Never edited, carries no history.

    The first row, of a new report, names nobody: the reporter's name stands in ``Identity`` alone.
    """

    class Change(models.TextChoices):
        """What was changed."""

        STATE = "state", _("State changed")
        CLOSED_UNANSWERED = "closed_unanswered", _("Closed without an answer to the reporter")
        SERIOUS = "serious", _("Marked as serious")
        NOT_SERIOUS = "not_serious", _("No longer marked as serious")
        SHARED = "shared", _("Shared with one person")
        SHARE_ENDED = "share_ended", _("No longer shared with one person")
        ASSIGNED = "assigned", _("Given to a handler")
        REMINDED = "reminded", _("The handler was reminded")
        PASSED_ON = "passed_on", _("Passed on to the next in line")
        ACKNOWLEDGED = "acknowledged", _("The handler has taken it on")
        ANSWERS = "answers", _("Answers changed")
        TASK = "task", _("Task done")
        INVESTIGATED = "investigated", _("Cause investigated")
        ESCALATED = "escalated", _("Escalated")
        ESCALATION_ANSWERED = "escalation_answered", _("Escalation acknowledged")
        NOT_ESCALATED = "not_escalated", _("Judged: need not be escalated")
        THREAT_REMAINS = "threat_remains", _("The threat remains")
        THREAT_ENDED = "threat_ended", _("The threat no longer remains")
        PRECAUTION = "precaution", _("Precaution while the threat remains")
        CONSEQUENCE = "consequence", _("Consequences and costs changed")
        CLAIM = "claim", _("Insurance claim changed")
        NOTICE = "notice", _("Decision or notification to an authority")
        SUPPORT = "support", _("Support")
        CRISIS_GROUP = "crisis_group", _("Crisis support group called")
        MESSAGE = "message", _("Message to the reporter")
        FROM_REPORTER = "from_reporter", _("Message from the reporter")
        WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")
        ATTACHED = "attached", _("File added")
        MERGED = "merged", _("Merged with another case")
        COPIED = "copied", _("Copied from an earlier case")
        MARKED_SECRET = "marked_secret", _("Marked as secret")
        MARK_LIFTED = "mark_lifted", _("Secrecy mark lifted")
        DISCLOSED = "disclosed", _("Copy disclosed")
        DISCLOSURE_REFUSED = "disclosure_refused", _("Disclosure refused")
        PURGE_ASKED = "purge_asked", _("Asked to be removed: content that must not be here")
        OUTCOME = "outcome", _("The workplace told how it went")
        OUTCOME_TAKEN_BACK = "outcome_taken_back", _("What the workplace was told is taken back")
        PURGED = "purged", _("Content that must not be here was removed")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="statuses")
    change = models.CharField(max_length=30, choices=Change.choices, default=Change.STATE)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=IncidentState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # May be a whole answer to the reporter; read only by those who may read the case's text.
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("incident status")
        verbose_name_plural = _("incident statuses")
        ordering = ("incident", "at", "pk")

    def __str__(self) -> str:
        return f"{self.incident_id} {self.to_state}"
