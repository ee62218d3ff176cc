"""Seat types: an empty seat always leads on to somebody, and the numbers agree with the rules."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.checks.periods import loops
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.kinds import ActorKind, BodyKind, SeatKind
from organisation.municipality_file.nouns import Body, Ruleset, SeatType
from organisation.municipality_file.problems import Problems


def check_seat_types(
    seat_types: Sequence[SeatType], bodies: Sequence[Body], rulesets: Sequence[Ruleset], problems: Problems
) -> None:
    """Check where seats are, how many hold them (R131, R205) and who answers for an empty one (R51, R130)."""
    by_key = {seat_type.key: seat_type for seat_type in seat_types}
    _check_names(seat_types, bodies, problems)
    for seat_type in seat_types:
        _check_numbers(seat_type, rulesets, problems)
        _check_sits_at(seat_type, bodies, problems)
    for circle in loops({key: seat_type.falls_back_to for key, seat_type in by_key.items()}):
        template = _("The seats fall back on each other in a circle: %(circle)s.")
        fix = _("The last one must fall back on nobody: then the body above answers.")
        place = by_key[circle[0]].at
        problems.error_at(Problem.LOOP, place, "falls_back_to", template, fix, circle=" → ".join((*circle, circle[0])))


def _check_names(seat_types: Sequence[SeatType], bodies: Sequence[Body], problems: Problems) -> None:
    """A word that names an actor must name one only."""
    kinds = {str(kind) for kind in BodyKind}
    body_keys = {body.key for body in bodies}
    fix = _("Choose another key: the word would name two things where the file says who does something.")
    for seat_type in seat_types:
        if seat_type.key in kinds | body_keys:
            template = _("“%(key_written)s” is already a kind of body or the key of a body.")
            problems.error_at(Problem.CONTRADICTION, seat_type.at, "key", template, fix, key_written=seat_type.key)
    for body in bodies:
        if body.key in kinds and body.key != body.kind:
            template = _("“%(key_written)s” is the word for another kind of body.")
            problems.error_at(Problem.CONTRADICTION, body.at, "key", template, fix, key_written=body.key)


def _check_numbers(seat_type: SeatType, rulesets: Sequence[Ruleset], problems: Problems) -> None:
    if seat_type.max_holders is not None and seat_type.min_holders > seat_type.max_holders:
        template = _("“min_holders” is %(low)s and “max_holders” is %(high)s: both can't be true.")
        values = {"low": seat_type.min_holders, "high": seat_type.max_holders}
        fix = _("Leave “max_holders” out where there is no limit.")
        problems.error_at(Problem.CONTRADICTION, seat_type.at, "max_holders", template, fix, **values)
    if seat_type.kind != SeatKind.UNIT_OMBUD:
        return
    for ruleset in rulesets:
        minimum = ruleset.ombud_minimum.value
        if minimum is not None and minimum != seat_type.min_holders and ruleset.overlaps(seat_type):
            template = _("“min_holders” is %(seat)s, but the rules say %(rules)s.")
            fix = _("Write the same number here and as “ombud_minimum” on line %(other)s.")
            values = {"seat": seat_type.min_holders, "rules": minimum, "other": ruleset.at.line_of("ombud_minimum")}
            problems.error_at(Problem.CONTRADICTION, seat_type.at, "min_holders", template, fix, **values)


def _check_sits_at(seat_type: SeatType, bodies: Sequence[Body], problems: Problems) -> None:
    present = {str(body.kind) for body in bodies}
    if not seat_type.sits_at and not any(error.path.startswith(seat_type.at.path) for error in problems.errors):
        template = _("The seat sits nowhere.")
        fix = _("Name kinds of body or single bodies.")
        problems.error_at(Problem.WRONG_VALUE, seat_type.at, "sits_at", template, fix)
    for actor in seat_type.sits_at:
        if actor.kind == ActorKind.SEAT_TYPE:
            template = _("A seat sits at a body, and “%(word)s” is a seat.")
            fix = _("Name kinds of body or single bodies.")
            problems.error_at(Problem.WRONG_VALUE, seat_type.at, "sits_at", template, fix, word=actor.key)
        elif actor.kind == ActorKind.BODY_KIND and actor.key not in present:
            template = _("The file has no body of the kind “%(kind)s”, so the seat is nowhere.")
            problems.warn_at(seat_type.at, "sits_at", template, kind=actor.key)
