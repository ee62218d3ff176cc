"""To which committee, board or company a body belongs: figures are sorted by authority."""

from datetime import date

from organisation.models import AUTHORITIES, Body, Municipality, Placement, parents_on


def authority_names(municipality: Municipality, on: date) -> dict[int, str]:
    """Return body id → name of the authority that it stands in on the day ``on``.

    A body without a place that day counts where its successor stands, else where it stood last.
    """
    bodies = {body.pk: body for body in Body.objects.of(municipality)}
    above = dict(
        Placement.objects.filter(municipality=municipality, valid_from__lte=on)
        .order_by("valid_from")
        .values_list("body_id", "parent_id")
    )
    above |= {body.pk: body.successor_id for body in bodies.values() if body.successor_id}
    above |= parents_on(municipality, on)
    return {pk: _authority(body, bodies, above).name for pk, body in bodies.items()}


def _authority(body: Body, bodies: dict[int, Body], above: dict[int, int]) -> Body:
    at, seen = body, {body.pk}
    while at.kind not in AUTHORITIES:
        parent_id = above.get(at.pk)
        if parent_id is None or parent_id in seen or parent_id not in bodies:
            return at
        seen.add(parent_id)
        at = bodies[parent_id]
    return at
