"""Scales: the matrix fits its two ladders, rises as they rise, and one scale per use is in force."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from organisation.municipality_file.checks.periods import grouped, overlapping
from organisation.municipality_file.errors import Problem
from organisation.municipality_file.nouns import Level, Scale
from organisation.municipality_file.problems import Problems

FEWEST_LEVELS, MOST_LEVELS = 2, 10


def check_scales(scales: Sequence[Scale], problems: Problems) -> None:
    """Check every scale by itself, then that no two of the same use are in force at once."""
    for scale in scales:
        _check_ladder(scale, "likelihood", scale.likelihood, problems)
        _check_ladder(scale, "consequence", scale.consequence, problems)
        if _matrix_fits(scale, problems):
            _check_rises(scale, problems)
    for same_use in grouped((scale.use, scale) for scale in scales).values():
        for first, second in overlapping(same_use):
            template = _("Two scales for the same use are in force at once; the other is on line %(other)s.")
            fix = _("End the older one where the newer begins, or give them different uses.")
            problems.error_at(Problem.OVERLAP, second.at, "from", template, fix, other=first.at.line)


def _check_ladder(scale: Scale, key: str, levels: Sequence[Level], problems: Problems) -> None:
    if not FEWEST_LEVELS <= len(levels) <= MOST_LEVELS:
        template = _("The number of levels is %(count)s.")
        fix = _("Write from %(fewest)s to %(most)s, the lowest first.")
        values = {"count": len(levels), "fewest": FEWEST_LEVELS, "most": MOST_LEVELS}
        problems.error_at(Problem.MATRIX, scale.at, key, template, fix, **values)
    words = [level.word for level in levels]
    for repeated in sorted({word for word in words if words.count(word) > 1}):
        template = _("The level “%(word)s” is there twice.")
        problems.error_at(
            Problem.DUPLICATE_ENTRY, scale.at, key, template, _("Give each level its own word."), word=repeated
        )


def _matrix_fits(scale: Scale, problems: Problems) -> bool:
    rows, columns = len(scale.likelihood), len(scale.consequence)
    fits = len(scale.matrix) == rows
    if not fits:
        template = _("Rows in the matrix: %(count)s; levels of likelihood: %(levels)s.")
        fix = _("Write one row for each level, the highest likelihood first.")
        problems.error_at(Problem.MATRIX, scale.at, "matrix", template, fix, count=len(scale.matrix), levels=rows)
    bands = [band.key for band in scale.bands]
    for number, row in enumerate(scale.matrix, start=1):
        if len(row) != columns:
            fits = False
            template = _("Cells in row %(row)s of the matrix: %(count)s; levels of consequence: %(levels)s.")
            fix = _("Write one cell for each level, the lowest consequence first.")
            values = {"row": number, "count": len(row), "levels": columns}
            problems.error_at(Problem.MATRIX, scale.at, "matrix", template, fix, **values)
        for cell in dict.fromkeys(row):
            if cell not in bands:
                fits = False
                template = _("Row %(row)s of the matrix has the band “%(word)s”, which the scale does not define.")
                fix = _("Use the keys of its bands: %(allowed)s.")
                allowed = ", ".join(bands)
                problems.error_at(
                    Problem.MATRIX, scale.at, "matrix", template, fix, row=number, word=cell, allowed=allowed
                )
    for unused in [band for band in scale.bands if not any(band.key in row for row in scale.matrix)]:
        problems.warn_at(unused.at, "key", _("No cell of the matrix has the band “%(word)s”."), word=unused.key)
    return fits


def _check_rises(scale: Scale, problems: Problems) -> None:
    """A risk that grows never lands in a milder band; a matrix that does is probably upside down."""
    severity = {band.key: band.severity for band in scale.bands}
    rows = [[severity[cell] for cell in row] for row in reversed(scale.matrix)]  # the lowest likelihood first
    rightwards = [high - low for row in rows for low, high in pairwise(row)]
    upwards = [high - low for row, above in pairwise(rows) for low, high in zip(row, above, strict=True)]
    if min(upwards, default=0) < 0 and max(upwards, default=0) <= 0:
        template = _("The matrix seems to be upside down: a higher likelihood gives a milder band.")
        problems.error_at(
            Problem.MATRIX, scale.at, "matrix", template, _("Write the highest likelihood as the first row.")
        )
    elif min([*rightwards, *upwards], default=0) < 0:
        template = _("Somewhere in the matrix a greater risk has a milder band.")
        problems.warn_at(scale.at, "matrix", template, _("Look for cells that have changed places."))
