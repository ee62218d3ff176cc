"""What can be done to a body, in words, and what a recorded change says."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from organisation.holdings import Held, kept
from organisation.models import Body, Reorganisation, ReorganisationKind, ReorganisedBody
from organisation.parenthood import heirs_of, may_move

Kind, Part = ReorganisationKind, ReorganisedBody.Part


@dataclass(frozen=True)
class VerbChoice:
    """One thing that can be done to a body: what it is called, what it means, where it begins."""

    title: str
    text: str
    url: str


def verbs_for(body: Body, today: date) -> list[VerbChoice]:
    """Return what can be done to the body; nothing to one that is closed."""
    if body.is_closed(today):
        return []
    closes = body.valid_to is None and bool(heirs_of(body.kind))
    possible = {
        Kind.RENAME: True,
        Kind.MOVE: may_move(body.kind),
        Kind.MERGE: closes,
        Kind.SPLIT: closes,
        Kind.CLOSE: closes,
    }
    words = {
        Kind.RENAME: (_("Rename"), _("It is called something else from a day on. Older reports keep the old name.")),
        Kind.MOVE: (_("Move"), _("It stands under another body, with all that stands below it.")),
        Kind.MERGE: (_("Merge with others"), _("It and other bodies become one: this one, or a new one.")),
        Kind.SPLIT: (_("Split"), _("It becomes several bodies. One of them takes over cases, risks and plans.")),
        Kind.CLOSE: (_("Close"), _("It ends, and another body takes over what it leaves.")),
    }
    address = {kind: reverse(f"organisation:{kind.value}", args=[body.public_id]) for kind in words}
    found = [VerbChoice(*words[kind], address[kind]) for kind, may in possible.items() if may]
    below = f"{reverse('organisation:body_new')}?parent={body.public_id}"
    return [*found, VerbChoice(_("Create a body below it"), _("A new body stands under it, with vacant seats."), below)]


def may_be_done(kind: str, body: Body, today: date) -> bool:
    """Tell whether the body's page of choices offers this."""
    address = reverse(f"organisation:{kind}", args=[body.public_id])
    return any(choice.url == address for choice in verbs_for(body, today))


CREATED_ALONE = gettext_lazy("%(after)s was created")
SENTENCES = {
    Kind.CREATE: gettext_lazy("%(after)s was created under %(to)s"),
    Kind.RENAME: gettext_lazy("%(before)s was renamed %(after)s"),
    Kind.MOVE: gettext_lazy("%(after)s was moved from %(from)s to %(to)s"),
    Kind.MERGE: gettext_lazy("%(before)s were merged into %(after)s"),
    Kind.SPLIT: gettext_lazy("%(before)s was split into %(after)s"),
    Kind.CLOSE: gettext_lazy("%(before)s was closed; %(after)s took over"),
}


@dataclass(frozen=True)
class ToldChange:
    """One recorded change as its list tells it."""

    change: Reorganisation
    sentence: str
    bodies: list[Body]
    held: list[Held]


def told(changes: Iterable[Reorganisation]) -> list[ToldChange]:
    """Return the changes in words; their parts, with bodies, must be prefetched."""
    return [
        ToldChange(change=change, sentence=sentence_of(change), bodies=_bodies(change), held=kept(change.moved))
        for change in changes
    ]


def sentence_of(change: Reorganisation) -> str:
    """Return what was done to what, under the names of then."""
    words = {str(part): _joined([one.name for one in change.parts.all() if one.part == part]) for part in Part}
    alone = change.kind == Kind.CREATE and not words[Part.TO]
    return capfirst((CREATED_ALONE if alone else SENTENCES[Kind(change.kind)]) % words)


def done_in_words(change: Reorganisation, today: date) -> str:
    """Return the message to whoever has just made the change."""
    if change.takes_effect_on > today:
        return _("The change is recorded. It takes effect by itself on its day.")
    vacancies = change.kind in (Kind.CREATE, Kind.MERGE, Kind.SPLIT)
    return _("The change is made. Appoint people to the new seats.") if vacancies else _("The change is made.")


def found_in_words(count: int, *, exact: bool) -> str:
    """Return how many changes there are, as a headline."""
    if not count:
        return _("Nothing has been reorganised yet")
    if not exact:
        return _("More than 10,000 changes of the organisation")
    sentence = ngettext("%(count)s change of the organisation", "%(count)s changes of the organisation", count)
    return sentence % {"count": count}


def _bodies(change: Reorganisation) -> list[Body]:
    """Return the bodies that the change left, each once: what came of it first."""
    parts = sorted(change.parts.all(), key=lambda part: (part.part != Part.AFTER, part.pk))
    return list(dict.fromkeys(part.body for part in parts if part.part in (Part.AFTER, Part.BEFORE)))


def _joined(names: list[str]) -> str:
    """Return "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
