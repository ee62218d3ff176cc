"""The risk matrix: wide table, phone list, and the small one of papers."""

from typing import Any

from organisation.templatetags.portal.library import read, register


def _grid(matrix: Any) -> dict[str, Any]:
    """Return the matrix with each cell knowing its words and what it shows.

    ``matrix`` has ``columns`` (consequence words, low to high) and ``rows`` (likelihood, high to low),
    each with ``word`` and ``cells``: number, word, severity 1–4, before, after, url?. ``mode`` is "both",
    "before" or "after".
    """
    mode = read(matrix, "mode", "both") or "both"
    columns = list(read(matrix, "columns"))
    rows = list(read(matrix, "rows"))
    grid = []
    for place, row in enumerate(rows):
        cells = []
        for column, cell in zip(columns, read(row, "cells"), strict=True):
            before, after = read(cell, "before", 0) or 0, read(cell, "after", 0) or 0
            shown = {"both": before + after, "before": before, "after": after}[mode]
            cells.append(
                {
                    "number": read(cell, "number"),
                    "word": read(cell, "word"),
                    "severity": read(cell, "severity"),
                    "url": read(cell, "url", ""),
                    "before": before,
                    "after": after,
                    "shown": shown,
                    "row_word": read(row, "word"),
                    "column_word": column,
                }
            )
        grid.append({"word": read(row, "word"), "step": len(rows) - place, "cells": cells})
    return {
        "caption": read(matrix, "caption", ""),
        "note": read(matrix, "note", ""),
        "columns": columns,
        "rows": grid,
        "mode": mode,
    }


@register.inclusion_tag("components/risk_matrix.html")
def risk_matrix(matrix: Any) -> dict[str, Any]:
    """The matrix with counts; every cell that holds risks is a link, empty ones stay pale."""
    grid = _grid(matrix)
    filled = [cell for row in grid["rows"] for cell in row["cells"] if cell["shown"]]
    grid["worst_first"] = sorted(filled, key=lambda cell: (cell["severity"], cell["number"]), reverse=True)
    return grid


def _small(matrix: Any, which: str, caption: str) -> dict[str, Any]:
    grid = _grid(matrix)
    for row in grid["rows"]:
        for cell in row["cells"]:
            cell["count"] = cell[which]
    grid["caption"] = caption or grid["caption"]
    return grid


@register.inclusion_tag("components/mini_matrix.html")
def mini_matrix(matrix: Any, *, which: str = "after", caption: str = "") -> dict[str, Any]:
    """One side of the matrix without links, for papers; ``which`` is "before" or "after"."""
    return _small(matrix, which, caption)


@register.inclusion_tag("print/matrix.html")
def print_matrix(matrix: Any, *, which: str = "after", caption: str = "") -> dict[str, Any]:
    """The same on paper, where steps have words instead of numbers."""
    return _small(matrix, which, caption)
