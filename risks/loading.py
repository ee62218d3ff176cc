"""What a municipality file says of risks: its scales."""

from collections.abc import Collection, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from organisation.loading import LoaderPart, Noun, Row, plain
from organisation.models import ALWAYS
from organisation.municipality_file import MunicipalityFile
from organisation.municipality_file.nouns import Level
from risks.models import Assessment, Scale


def scale_rows(file: MunicipalityFile) -> Iterator[Row]:
    """The scales. A later version is a row of its own: old assessments stay on the one they were made on."""
    for entry in file.scales:
        levels = {"likelihood": entry.likelihood, "consequence": entry.consequence}
        meanings = {name: [_meaning(level) for level in ladder] for name, ladder in levels.items()}
        details: dict[str, Any] = {name: said for name, said in meanings.items() if any(said)}
        if notes := {band.key: note for band in entry.bands if (note := plain(band, leave_out=BAND_COLUMNS))}:
            details["bands"] = notes
        yield Row(
            {
                # No key of a file holds a full stop, so a later version never takes another scale's name.
                "key": entry.key if entry.version == 1 else f"{entry.key}.v{entry.version}",
                "name": entry.name,
                "use": str(entry.use),
                "likelihood": [level.word for level in entry.likelihood],
                "consequence": [level.word for level in entry.consequence],
                "bands": [plain(band, leave_out=("source", "from_document")) for band in bands_lowest_first(entry)],
                "cells": [list(row) for row in reversed(entry.matrix)],
                "details": {**details, "version": entry.version},
                "valid_from": entry.valid_from or ALWAYS,
                "valid_to": entry.valid_to,
                "from_document": entry.from_document,
                "source": list(entry.source),
            },
            entry.at,
        )
