"""The municipality's own words that a risk is described and judged by, as they are in force on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
    scale: Scale | None
    dimensions: Sequence[Dimension]
    areas: Sequence[Area]
    values: Sequence[ProtectedValue]
    persons_rank: str

    @classmethod
    def read(cls, municipality: Municipality, on: date) -> "Words":
        """Read the words in force on the day ``on``; dimensions about persons come first when persons are ranked."""
        rank = municipality.rules(on).persons_rank
        dimensions = list(Dimension.objects.in_force(on).filter(municipality=municipality))
        if rank:
            dimensions.sort(key=lambda dimension: not dimension.about_persons)
        return cls(
            municipality=municipality,
            scale=Scale.objects.for_risks(municipality, on),
            dimensions=dimensions,
            areas=list(Area.objects.in_force(on).filter(municipality=municipality)),
            values=list(ProtectedValue.objects.in_force(on).filter(municipality=municipality)),
            persons_rank=rank,
        )

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
