"""The municipality's own words that a risk is described and judged by, as they are in force on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisation.errors import NotAllowed
from organisation.models import Municipality, PersonsRank, User
from policies.models import Area, Dimension, ProtectedValue
from risks.models import Scale


@dataclass(frozen=True)
class Words:
    """Scale, dimensions, areas and protected values of one municipality on one day."""

    municipality: Municipality
    on: date

    @classmethod
    def read(cls, municipality: Municipality, on: date) -> "Words":
        """Return the words in force on the day ``on``; each kind is read when it is first asked for."""
        return cls(municipality, on)

    @cached_property
    def persons_rank(self) -> str:
        """The municipality's rule for the safety of persons (R3, R139)."""
        return self.municipality.rules(self.on).persons_rank

    @cached_property
    def scale(self) -> Scale | None:
        """The scale that risks are judged on."""
        return Scale.objects.for_risks(self.municipality, self.on)

    @cached_property
    def dimensions(self) -> Sequence[Dimension]:
        """The dimensions of consequence; those about persons come first when persons are ranked."""
        found = list(Dimension.objects.in_force(self.on).filter(municipality=self.municipality))
        return sorted(found, key=lambda dimension: not dimension.about_persons) if self.persons_rank else found

    @cached_property
    def areas(self) -> Sequence[Area]:
        """The areas."""
        return list(Area.objects.in_force(self.on).filter(municipality=self.municipality))

    @cached_property
    def values(self) -> Sequence[ProtectedValue]:
        """What is worth protecting."""
        return list(ProtectedValue.objects.in_force(self.on).filter(municipality=self.municipality))

    @classmethod
    def for_person(cls, user: User, on: date) -> "Words":
        """Read the words of the person's municipality; an operator, who has none, is refused."""
        if user.municipality is None:
            raise NotAllowed
        return cls.read(user.municipality, on)

    @property
    def persons_come_first(self) -> bool:
        """Tell whether the list is sorted by what can happen to persons (R3)."""
        return self.persons_rank == PersonsRank.HIGHEST

    def meanings(self, ladder: str) -> dict[int, str]:
        """Return step → what it means, where the municipality says so; ``ladder`` is likelihood or consequence."""
        said = self.scale.details.get(ladder, []) if self.scale else []
        return {step: meaning["text"] for step, meaning in enumerate(said, start=1) if meaning.get("text")}

    @property
    def consequence_fields(self) -> Mapping[str, tuple[Dimension | None, str | Promise]]:
        """Return the form's name → (dimension, question) of each consequence; one without dimension when none is."""
        if not self.dimensions:
            return {"consequence": (None, _("How serious would the consequence be?"))}
        return {f"consequence_{dimension.key}": (dimension, dimension.name) for dimension in self.dimensions}
