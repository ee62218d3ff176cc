"""What every law demands, and which of the municipality's documents are of the kind that meets it (R8, R9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from organisation.actors import Actors
from policies.models import GoverningDocument, Law
from policies.wording import DOCUMENT_KINDS, HOW_OFTEN


@dataclass(frozen=True)
class Demand:
    """One obligation of a law.

    ``asks_for`` is the kind of document that meets it, empty where the file names none; ``documents`` are those
    of the kind with a version in force. That such a document is there is all that is known: what it holds isn't.
    """

    text: str
    asks_for: str
    of: str
    every: str
    documents: tuple[GoverningDocument, ...]
    from_document: bool


@dataclass(frozen=True)
class LawInForce:
    """A law, whether it is in force, and what it demands as long as it is."""

    law: Law
    in_force: bool
    replaced_by: Law | None
    demands: tuple[Demand, ...]


def coverage(laws: Iterable[Law], documents: Iterable[GoverningDocument], actors: Actors, on: date) -> list[LawInForce]:
    """Return the laws, those in force first; a law that has been replaced demands nothing more."""
    known = list(laws)
    by_number = {law.number: law for law in known}
    in_force = [document for document in documents if document.version_in_force(on)]
    rows = [
        LawInForce(
            law=law,
            in_force=law.is_in_force(on),
            replaced_by=by_number.get(law.replaced_by),
            demands=tuple(_demand(said, law, in_force, actors) for said in law.obligations if law.is_in_force(on)),
        )
        for law in known
    ]
    return sorted(rows, key=lambda row: not row.in_force)


def _demand(said: dict[str, Any], law: Law, in_force: list[GoverningDocument], actors: Actors) -> Demand:
    kind = str(said.get("document_kind") or "")
    of = str(said.get("of") or "")
    every = said.get("every") or {}
    often = str(HOW_OFTEN.get(str(every.get("rule")), ""))
    return Demand(
        text=str(said.get("text", "")),
        asks_for=str(DOCUMENT_KINDS.get(kind, kind)),
        of=actors.name(of) if of else "",
        every=often % {"years": every.get("years", ""), "date": every.get("date", "")},
        documents=tuple(document for document in in_force if document.kind == kind),
        from_document=law.from_document and said.get("from_document", True),
    )
