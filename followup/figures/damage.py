"""What the incidents cost, as far as it was stated (R24, R84, R125)."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Sum

from followup.figures.bodies import authority_names
from followup.figures.incidents import year_of
from followup.figures.question import Question
from incidents.figures.groups import GROUP_OF, GROUPS
from organisation.suppression import division, published
from policies.models import Dimension


@dataclass(frozen=True)
class Cost:
    """Stated costs in öre this year and up to the same day last year; none where they must not be shown."""

    key: str
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Damage:
    """Figures of the chapter: ``stated`` is how many of this year's incidents have a stated cost."""

    total: Cost
    stated: int | None
    groups: list[Cost]
    committees: list[Cost]
    dimensions: list[str]
    hidden: int


def damage(question: Question) -> Damage:
    """Add up the stated costs by kind and by committee; a sum over fewer than five incidents is not public."""
    now, before = _Costs(question, question.year), _Costs(question, question.year - 1)
    dimensions = Dimension.objects.in_force(question.cut_off).filter(municipality=question.municipality)
    names = sorted(now.committees.keys() | before.committees.keys())
    return Damage(
        total=Cost("total", now.total, before.total),
        stated=now.stated,
        groups=[Cost(group, now.groups.get(group, 0), before.groups.get(group, 0)) for group in GROUPS],
        committees=[Cost(name, now.committees.get(name, 0), before.committees.get(name, 0)) for name in names],
        dimensions=[dimension.name for dimension in dimensions],
        hidden=now.hidden + before.hidden,
    )


class _Costs:
    """One year's costs; a sum is shown when the count of incidents behind it may be shown."""

    def __init__(self, question: Question, year: int) -> None:
        stated = year_of(question, year).filter(cost_ore__isnull=False).order_by()
        authorities = authority_names(question.municipality, question.cut_off)
        by_group, by_committee = _Sums(), _Sums()
        for kind, body_id, count, cost in stated.values_list("kind", "body_id").annotate(Count("pk"), Sum("cost_ore")):
            by_group.add(GROUP_OF[kind], count, cost)
            by_committee.add(authorities[body_id], count, cost)
        self.groups = by_group.shown(public=question.is_public)
        self.committees = by_committee.shown(public=question.is_public)
        self.stated = published(division("all", by_group.counts), public=question.is_public)["all"]
        self.total = None if self.stated is None else by_group.costs.total()
        sums = (self.total, *self.groups.values(), *self.committees.values())
        self.hidden = sum(cost is None for cost in sums)


class _Sums:
    """Counts and costs side by side, so that the counts decide which costs are shown."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.costs: Counter[str] = Counter()

    def add(self, name: str, count: int, cost: int) -> None:
        self.counts[name] += count
        self.costs[name] += cost

    def shown(self, *, public: bool) -> dict[str, int | None]:
        may = published(division("all", self.counts), public=public)
        return {name: None if may[f"all:{name}"] is None else cost for name, cost in self.costs.items()}
