"""The governing documents as a hierarchy: each under the one that it is built on (R28, R61, R146)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from organisation.models import Municipality, Ruleset
from policies.models import DocumentVersion, GoverningDocument
from policies.reviews import NextReview, next_review
from policies.sentences import decision_text, in_force_text, review_text
from policies.wording import DOCUMENT_KINDS


@dataclass
class Placed:
    """A document with what a page says of it, and the documents built on it."""

    document: GoverningDocument
    kind: str
    version: DocumentVersion | None
    review: NextReview
    # The decision of the document above, when this one was decided before it: allowed, and said (R59).
    older_than: date | None = None
    # Level of its heading on a page that shows the whole hierarchy.
    heading: str = "h2"
    children: list["Placed"] = field(default_factory=list)

    @property
    def decision_text(self) -> str:
        """The decision of the version in force, as far as it is stated."""
        return decision_text(self.version)

    @property
    def in_force_text(self) -> str:
        """The period of the version in force."""
        return in_force_text(self.version) if self.version else ""

    @property
    def review_text(self) -> str:
        """When the next review is due, or why no day can be told."""
        return review_text(self.review)


def hierarchy(
    documents: Iterable[GoverningDocument], rules: Ruleset, municipality: Municipality, on: date
) -> list[Placed]:
    """Return the documents that stand on no other one of ``documents``, each with its children.

    Expects versions prefetched and asks the database for nothing.
    """
    found = list(documents)
    here = {document.pk for document in found}
    above: dict[int | None, list[GoverningDocument]] = defaultdict(list)
    for document in sorted(found, key=_order):
        above[document.parent_id if document.parent_id in here else None].append(document)

    def placed(document: GoverningDocument, parent: DocumentVersion | None = None, depth: int = 2) -> Placed:
        version = document.version_in_force(on)
        return Placed(
            document=document,
            kind=str(DOCUMENT_KINDS.get(document.kind, document.kind)),
            version=version,
            review=next_review(document, rules, municipality, on),
            older_than=decided_before(version, parent),
            heading=f"h{min(depth, 6)}",
            children=[placed(child, version, depth + 1) for child in above[document.pk]],
        )

    return [placed(document) for document in above[None]]


def find(roots: Iterable[Placed], document: GoverningDocument) -> Placed:
    """Return ``document`` where it stands under ``roots``; raises ``LookupError`` when it isn't there."""
    for placed in roots:
        if placed.document == document:
            return placed
        try:
            return find(placed.children, document)
        except LookupError:
            continue
    raise LookupError(document)


def decided_before(version: DocumentVersion | None, above: DocumentVersion | None) -> date | None:
    """Return the day on which ``above`` was decided when ``version`` was decided before it, else nothing (R59)."""
    if version is None or above is None or version.decided_on is None or above.decided_on is None:
        return None
    return above.decided_on if version.decided_on < above.decided_on else None


def _order(document: GoverningDocument) -> tuple[int, str]:
    kinds = list(DOCUMENT_KINDS)
    return (kinds.index(document.kind) if document.kind in kinds else len(kinds), document.title)
