"""The municipality and the dated rules by which it runs its safety work."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from organisation.models.base import DatedModel, DatedQuerySet, TenantModel, new_public_id


class Municipality(models.Model):
    """A Swedish municipality (kommun): the tenant that every other row belongs to."""

    key = models.SlugField(max_length=60, unique=True)
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    code = models.CharField(max_length=4, blank=True, help_text=_("Official four-digit code"))
    colour = models.CharField(max_length=7, blank=True, help_text=_("As #rrggbb"))
    words = models.JSONField(default=dict, blank=True, help_text=_("The municipality's own words, one and many"))
    election_cycle_years = models.PositiveSmallIntegerField(default=4)
    last_election = models.DateField(null=True, blank=True)
    support_contacts = models.JSONField(default=list, blank=True)
    whistleblowing_url = models.URLField(blank=True)
    # Matters given to one body or seat beside its ordinary field: who holds them, during which period.
    responsibilities = models.JSONField(default=list, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text=_("Sources and notes of the municipality file"))
    is_demo = models.BooleanField(default=False)
    # Derived: the day on which today's closure of the tree stops being true (none: no dated boundary ahead).
    tree_valid_until = models.DateField(null=True, blank=True, editable=False)
    # Derived: the day for which ``Vacancy`` rows and the count of seats that must be held are true.
    vacancies_on = models.DateField(null=True, blank=True, editable=False)
    seats_to_hold = models.PositiveIntegerField(default=0, editable=False)
    # Kinds of seat whose holders must log in with a second factor.
    second_factor_for = models.JSONField(default=list, blank=True)
    history = HistoricalRecords(excluded_fields=["tree_valid_until", "vacancies_on", "seats_to_hold"])

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name on a paper's cover: as in law when it is stated, else the everyday one."""
        return self.legal_name or self.name

    def rules(self, on: date) -> "Ruleset":
        """Return the rules in force on the day ``on``; a municipality without any has the unstated ones."""
        found = Ruleset.objects.filter(municipality=self).in_force(on).order_by("-valid_from").first()
        return found or Ruleset(municipality=self)


class PersonsRank(models.TextChoices):
    """How the safety of persons is ranked among risks (R3, R139)."""

    HIGHEST = "highest", _("always ranked highest")
    HIGH = "high", _("always ranked high")
    UNSTATED = "", _("no rule")


# Days within which the employer promises to answer a safety representative, where the municipality states none.
# The law says "without delay" (AML 6:6a).
REQUEST_ANSWER_DAYS = 14


class Ruleset(TenantModel, DatedModel):
    """The choices in which municipalities' documents differ, in force during a period."""

    persons_rank = models.CharField(max_length=10, choices=PersonsRank.choices, blank=True)
    adopts = models.JSONField(default=dict, blank=True, help_text=_("Document kind to the kind of body that adopts it"))
    review = models.JSONField(default=dict, blank=True)
    followup_anchor = models.CharField(max_length=60, blank=True)
    companies_in_scope = models.BooleanField(null=True, blank=True)
    answer_within_days = models.PositiveSmallIntegerField(default=3)
    settings = models.JSONField(default=dict, blank=True)
    from_document = models.BooleanField(default=False)
    source = models.JSONField(default=list, blank=True)
    objects = DatedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(DatedModel.Meta):
        verbose_name = _("ruleset")
        verbose_name_plural = _("rulesets")
        ordering = ("municipality", "-valid_from")

    def __str__(self) -> str:
        return f"{self.municipality} {self.valid_from}"

    @property
    def request_answer_days(self) -> int:
        """Days within which the employer promises to answer a safety representative's request."""
        stated: int | None = self.settings.get("request_answer_days")
        return stated or REQUEST_ANSWER_DAYS


class LoadedRow(models.Model):
    """What a municipality file last wrote of one row, so that a person's later change is seen and kept."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="+")
    noun = models.CharField(max_length=60)
    key = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("municipality", "noun", "key"), name="organisation_loadedrow_once"),
        )

    def __str__(self) -> str:
        return f"{self.noun} {self.key}"
