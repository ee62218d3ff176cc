"""What a municipality file says of risks: its scales."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.loading import LoaderPart, Noun, Row, plain
from organisation.models import ALWAYS, Municipality
from organisation.municipality_file import MunicipalityFile
from organisation.municipality_file.nouns import Band, Level
from organisation.municipality_file.nouns import Scale as FileScale
from risks.models import Assessment, Scale
from risks.services import rank_anew


def scale_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The scales. A later version is a row of its own: old assessments stay on the one they were made on."""
    for entry in file.scales:
        levels = {"likelihood": entry.likelihood, "consequence": entry.consequence}
        meanings = {name: [_meaning(level) for level in ladder] for name, ladder in levels.items()}
        details: dict[str, Any] = {name: said for name, said in meanings.items() if any(said)}
        notes = {band.key: plain(band, leave_out=("key", "word", "severity")) for band in entry.bands}
        if any(notes.values()):
            details["bands"] = notes
        yield Row(
            {
                # No key of a file holds a full stop, so a later version never takes another scale's name.
                "key": entry.key if entry.version == 1 else f"{entry.key}.v{entry.version}",
                "name": entry.name,
                "use": str(entry.use),
                "likelihood": [level.word for level in entry.likelihood],
                "consequence": [level.word for level in entry.consequence],
                "bands": [
                    {"key": band.key, "word": band.word, "severity": band.severity} for band in lowest_first(entry)
                ],
                "cells": [list(row) for row in reversed(entry.matrix)],
                "details": {**details, "version": entry.version},
                "valid_from": entry.valid_from or ALWAYS,
                "valid_to": entry.valid_to,
                "from_document": entry.from_document,
                "source": list(entry.source),
            },
            entry.at,
        )


def _meaning(level: Level) -> dict[str, Any]:
    """What a level means, beside its word."""
    meaning: dict[str, Any] = plain(level, leave_out=("word",))
    return meaning


def lowest_first(scale: FileScale) -> list[Band]:
    """The bands from the mildest to the worst; bands of one severity keep the file's order."""
    bands = list(scale.bands)
    if bands[0].severity > bands[-1].severity:
        bands.reverse()
    return sorted(bands, key=lambda band: band.severity)


def judged_on(ids: Collection[int]) -> set[int]:
    """The scales that a risk has been judged on."""
    return set(Assessment.objects.filter(scale_id__in=ids).values_list("scale_id", flat=True).distinct())


def follow(municipality: Municipality, changed: Collection[str]) -> None:
    """A new rule about persons puts the risks in another order."""
    if "ruleset" in changed:
        rank_anew(municipality=municipality)


PART = LoaderPart(
    floor=3,
    nouns=(
        Noun(
            "scale",
            _("Risk scale"),
            Scale,
            scale_rows,
            frozen=frozenset({"likelihood", "consequence", "bands", "cells"}),
            in_use=judged_on,
        ),
    ),
    follow=follow,
)
