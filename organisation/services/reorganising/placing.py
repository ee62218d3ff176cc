"""Where bodies stand from a day on: under a parent, and under whoever takes over from it."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.translation import gettext as _

from organisation.models import Body, Placement
from organisation.parenthood import MAY_STAND_ALONE, parents_of
from organisation.services.reorganising.change import Change, in_words
from organisation.services.reorganising.errors import ChangeRefused

Stretch = tuple[Body, date, date | None]


def stretches(parent: Body, since: date, until: date | None) -> Iterator[Stretch]:
    """Yield (parent, from, to) over [since, until): the parent while it stands, then its successors in turn."""
    at = parent
    while True:
        if at.valid_to is None or (until is not None and until <= at.valid_to):
            yield at, since, until
            return
        if at.valid_to > since:
            yield at, since, at.valid_to
            since = at.valid_to
        # Whoever has taken over by then; a closed body always has a successor.
        at = Body.objects.get(predecessors=at)


def refuse_parent(body: Body, parent: Body | None, field: str = "parent") -> None:
    """Raise ``ChangeRefused`` when a body of its kind may not stand there (none: under nothing)."""
    if parent is None:
        if body.kind not in MAY_STAND_ALONE:
            raise ChangeRefused(_("Choose the body that it stands under."), field=field)
    elif parent.kind not in parents_of(body.kind):
        message = _("A body of the kind “%(kind)s” can't stand under one of the kind “%(parent)s”.")
        words = {"kind": body.get_kind_display(), "parent": parent.get_kind_display()}
        raise ChangeRefused(message % words, field=field)


def place_new(change: Change, body: Body, parent: Body | None) -> None:
    """Let a body that begins with the change stand under ``parent``; raises ``ChangeRefused``."""
    refuse_parent(body, parent)
    if parent is not None:
        change.create(Placement, _rows(body, _in_turn(body, parent, change.on, None)))


def place_anew(change: Change, body: Body, parent: Body) -> None:
    """Let ``body`` stand under ``parent`` from the day on, until the next move that is decided already.

    Raises ``ChangeRefused`` for a parent of a kind that can't have it, and where it stands already.
    """
    refuse_parent(body, parent)
    standing = body.placements.in_force(change.on).first()
    if standing is None:
        later = body.placements.filter(valid_from__gt=change.on).order_by("valid_from").first()
        until = later.valid_from if later else body.valid_to
        change.create(Placement, _rows(body, _in_turn(body, parent, change.on, until)))
    elif standing.parent_id == parent.pk:
        raise ChangeRefused(_("It stands there already."), field="parent")
    else:
        _repoint(change, {standing: parent})


def hand_over_children(change: Change, body: Body, heir: Body, given: Mapping[int, Body]) -> None:
    """Let all that stand under ``body`` from the day on stand under ``heir``, or the one whom ``given`` names for it.

    Also those that are to stand there later. Bodies that close with the same change are left alone. Raises
    ``ChangeRefused`` when a child can't stand there.
    """
    ahead = Placement.objects.filter(parent=body).exclude(valid_to__lte=change.on)
    parents = {}
    for placement in ahead.select_related("body").order_by("pk"):
        if placement.valid_to == placement.valid_from or placement.body_id in change.closing:
            continue
        parent = given.get(placement.body_id, heir)
        if parent.pk == placement.body_id:
            message = _("%(heir)s stands below %(name)s. Move it first.")
            raise ChangeRefused(message % {"heir": parent.name, "name": body.name}, field="successor")
        if parent.kind not in parents_of(placement.body.kind):
            message = _("%(child)s stands below %(name)s, and can't stand below %(heir)s. Move it first.")
            words = {"child": placement.body.name, "name": body.name, "heir": parent.name}
            raise ChangeRefused(message % words, field="successor")
        parents[placement] = parent
    _repoint(change, parents)


def end_places(change: Change, body: Body) -> None:
    """End where a closing body stands, and take back where it was to stand later."""
    placements = list(body.placements.exclude(valid_to__lte=change.on))
    for placement in placements:
        placement.valid_to = max(change.on, placement.valid_from)
    change.update(Placement, placements, ["valid_to"])


def _repoint(change: Change, parents: Mapping[Placement, Body]) -> None:
    """Let what remains of each placement from the day on be under the parent named for it."""
    changed, begun = [], []
    for placement, parent in parents.items():
        since, until = max(change.on, placement.valid_from), placement.valid_to
        (first, _since, ends), *later = _in_turn(placement.body, parent, since, until)
        if placement.valid_from < since:
            placement.valid_to = since
            later.insert(0, (first, since, ends))
        else:
            placement.parent, placement.valid_to = first, ends
        changed.append(placement)
        begun += _rows(placement.body, later)
    # The old ones end before the new ones begin: a body never stands in two places.
    change.update(Placement, changed, ["parent", "valid_to"])
    change.create(Placement, begun)


def _in_turn(body: Body, parent: Body, since: date, until: date | None) -> list[Stretch]:
    """Return the stretches over which ``body`` will stand; raises ``ChangeRefused`` for one where it can't."""
    found = list(stretches(parent, since, until))
    for under, day, _ends in found:
        if under.pk == body.pk:
            message = _("%(name)s is to take over from %(parent)s on %(day)s, and can't stand below itself.")
            words = {"name": body.name, "parent": parent.name, "day": in_words(day)}
            raise ChangeRefused(message % words, field="parent")
        refuse_parent(body, under)
    return found


def _rows(body: Body, periods: list[Stretch]) -> list[Placement]:
    return [
        Placement(
            municipality_id=body.municipality_id, body=body, parent=parent, valid_from=valid_from, valid_to=valid_to
        )
        for parent, valid_from, valid_to in periods
    ]
