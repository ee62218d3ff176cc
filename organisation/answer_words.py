"""An answer to "who answers?" in words: the person or body, and the trail of gaps that led there."""

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organisation.models import Body
from organisation.responsibility import Answer, Gap


def who_of(answer: Answer) -> str:
    """Return the title and the name of the one who answers, or the name of the body that does: "Unit manager Maja"."""
    if answer.seat is None or answer.person is None:
        return answer.body.name
    if answer.is_deputy:
        return _("%(person)s, deputy as %(title)s") % {
            "person": answer.person.name,
            "title": in_a_sentence(answer.seat.seat_type.title),
        }
    return f"{answer.seat.seat_type.title} {answer.person.name}"


def trail_of(answer: Answer) -> list[str]:
    """Return each gap that was passed, as a sentence without its full stop."""
    return [capfirst(_gap(gap, answer.asked_at)) for gap in answer.trail]


def sentence_of(answer: Answer) -> str:
    """Return it all in one: "No unit ombud since 3 March 2026; unit manager Maja Exempelsson answers"."""
    return capfirst("; ".join([*(_gap(gap, answer.asked_at) for gap in answer.trail), _who_answers(answer)]))


def in_a_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence; an abbreviation keeps its capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _who_answers(answer: Answer) -> str:
    if answer.seat is None or answer.person is None:
        return _("nobody holds a seat on the way up: %(body)s answers") % {"body": answer.body.name}
    words = {"title": in_a_sentence(answer.seat.seat_type.title), "person": answer.person.name}
    if answer.is_deputy:
        return _("deputy %(person)s answers as %(title)s") % words
    return _("%(title)s %(person)s answers") % words


def _gap(gap: Gap, asked_at: Body) -> str:
    words = {"title": in_a_sentence(gap.seat.seat_type.title), "body": gap.seat.body.name}
    if gap.person is not None and gap.back_on is not None:
        last = date_format(gap.back_on - timedelta(days=1), "j F Y")
        return _("%(title)s %(person)s is away until and including %(day)s") % {
            **words,
            "person": gap.person.name,
            "day": last,
        }
    elsewhere = gap.seat.body_id != asked_at.pk
    if gap.since is None:
        return (_("no %(title)s is appointed at %(body)s") if elsewhere else _("no %(title)s is appointed")) % words
    words["day"] = date_format(gap.since, "j F Y")
    return (_("no %(title)s at %(body)s since %(day)s") if elsewhere else _("no %(title)s since %(day)s")) % words
