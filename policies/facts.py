"""What a page tells of a governing document, as pairs of a word and a text: decision, reviews, owner, whom it binds."""

from collections.abc import Iterable

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from organisation.actors import Actors
from policies.hierarchy import Placed
from policies.models import DocumentVersion, ReadingDuty
from policies.sentences import day_text, decision_text, in_force_text, noted, replaced_text, review_text


def facts(placed: Placed, version: DocumentVersion | None, duties: Iterable[ReadingDuty], actors: Actors) -> list[dict]:
    """Return the rows of the summary of one document; a decision that isn't stated has an empty value."""
    document = placed.document
    rows: list[tuple[str, str]] = [(_("Kind"), capfirst(placed.kind))]
    if version:
        rows += _of_version(version, actors)
        rows.append((_("Next review"), review_text(placed.review)))
    owner = document.owner_title or (document.owner.name if document.owner else "")
    rows.append((_("Owner"), owner))
    rows.append((_("Applies to"), _applies_to(placed, actors)))
    for duty in duties:
        rows.append((_("To be read"), _duty(duty, actors)))
    return [{"key": key, "value": value} for key, value in rows]


def _of_version(version: DocumentVersion, actors: Actors) -> list[tuple[str, str]]:
    rows = [(_("Decision"), decision_text(version)), (_("In force"), in_force_text(version))]
    if version.reviews:
        rows.append((_("Reviewed"), "\n".join(noted(review, actors) for review in version.reviews)))
    if version.replaces:
        rows.append((_("Replaces"), "\n".join(replaced_text(earlier, actors) for earlier in version.replaces)))
    if version.updated_on or version.publisher:
        said = [version.publisher, day_text(version.updated_on) if version.updated_on else ""]
        rows.append((_("Published, last updated"), ", ".join(part for part in said if part)))
    if version.note:
        rows.append((_("Remark"), version.note))
    return rows


def words_of(placed: Placed, version: DocumentVersion | None, duties: Iterable[ReadingDuty]) -> set[str]:
    """The words for actors that ``facts`` will ask for."""
    words = set(placed.document.applies_to) | {word for duty in duties for word in duty.who}
    decisions = [earlier.get("decision") or {} for earlier in version.replaces] if version else []
    return words | {str(decision.get("body", "")) for decision in decisions}


def _applies_to(placed: Placed, actors: Actors) -> str:
    document = placed.document
    names = capfirst(", ".join(actors.names(document.applies_to)))
    return "\n".join(part for part in (document.applies_to_text, names) if part)


def _duty(duty: ReadingDuty, actors: Actors) -> str:
    who = ", ".join(actors.names(duty.who)) or _("everybody")
    return f"{capfirst(duty.get_occasion_display())}: {who}"
