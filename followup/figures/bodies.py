"""To which committee, board or company a body belonged on a day: figures are sorted by authority."""

from datetime import date

from followup.figures.question import Question
from organisation.models import Municipality, Placement, names_on
from organisation.tree_on import TreeOn


def authority_names(municipality: Municipality, on: date) -> dict[int, str]:
    """Return body id → name of the authority that it stood in on the day ``on``, as it was called then.

    A body that had closed counts where its successor stood, one without a place that day where it stood last.
    """
    tree = TreeOn(municipality, on)
    earlier = Placement.objects.filter(municipality=municipality, valid_from__lte=on).order_by("valid_from")
    tree.above = dict(earlier.values_list("body_id", "parent_id")) | tree.above
    return {pk: tree.bodies[tree.authority(pk)].name for pk in tree.bodies}


def body_names(question: Question) -> dict[int, str]:
    """Return body id → what the body was called on the cut-off's day, for those that have been renamed."""
    return names_on(question.municipality, question.cut_off)
