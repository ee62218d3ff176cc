"""The report as a file: tagged and whole, with true numbers, and nothing in the public edition that should not be."""

import io
import re
from collections.abc import Callable
from typing import Any

import page
import pikepdf
import pypdfium2
import pytest

from followup.models import Report
from tests.factories.followup import COUNTS, YEAR
from tests.factories.organisation import make_municipality

Made = Callable[..., Report]


def text_of(content: bytes) -> str:
    opened = pypdfium2.PdfDocument(content)
    text = " ".join(each.get_textpage().get_text_bounded() for each in opened)
    return re.sub(r"\s+", " ", text)


def structure(content: bytes, kind: str) -> list[Any]:
    with pikepdf.open(io.BytesIO(content)) as opened:
        return [
            (str(entry.get("/Alt", "")), len(entry.get("/K", [])))
            for entry in opened.objects
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/S") == f"/{kind}"
        ]


def bookmarks(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_outline() as outline:
        return [entry.title for root in outline.root for entry in (root, *root.children)]


def content_of(report: Report) -> bytes:
    with report.file.open() as file:
        return bytes(file.read())


@pytest.mark.parametrize("edition", ["secret", "public"])
def test_the_file_is_whole_tagged_and_small(make_whole_report: Made, edition: str) -> None:
    report = make_whole_report(edition=edition)
    content = content_of(report)
    for profile in ("ua1", "3a"):
        checked = page.validate_pdf_bytes(content, profile=profile)
        assert checked.is_compliant, [(failure.rule_id, failure.message) for failure in checked.failures]
    assert 6 <= report.pages <= 12
    assert report.pages == len(pypdfium2.PdfDocument(content))
    assert len(content) < 1_000_000
    figures = structure(content, "Figure")
    assert len(figures) >= 5
    assert all(alternative for alternative, _kids in figures)
    titles = bookmarks(content)
    assert len([title for title in titles if title]) >= 8
    size = pypdfium2.PdfDocument(content)[0].get_size()
    assert [round(side) for side in size] == [595, 842]


def test_the_numbers_in_the_text_are_the_stored_ones(make_whole_report: Made) -> None:
    report = make_whole_report()
    text = text_of(content_of(report))
    threats, before = (sum(pair) for pair in zip(COUNTS["threat"], COUNTS["violence"], strict=True))
    assert f"from {before} to {threats}" in text or f"från {before} till {threats}" in text
    for kind in ("near_miss", "vandalism", "accident"):
        now, then = COUNTS[kind]
        assert re.search(rf"\b{now} {then}\b", text)
    total = sum(now for now, _before in COUNTS.values())
    assert report.chapters.get(key="incidents").figures["total"]["now"] == total
    assert f" {total} " in text
    for row in report.chapters.get(key="plans").figures["rows"]:
        assert row["body"] in text
    assert "Risk nummer 15" in text


def test_demo_is_said_on_the_cover_and_on_each_page(make_whole_report: Made) -> None:
    opened = pypdfium2.PdfDocument(content_of(make_whole_report()))
    for each in opened:
        assert "Demo" in each.get_textpage().get_text_bounded()


def test_control_a_real_municipality_is_no_demo(make_whole_report: Made, town: Any) -> None:
    town.municipality.is_demo = False
    town.municipality.save()
    assert "Demo –" not in text_of(content_of(make_whole_report()))


def test_public_edition_names_no_single_risk_and_shows_no_small_count(make_whole_report: Made) -> None:
    report = make_whole_report(edition="public")
    text = text_of(content_of(report))
    assert "Risk nummer" not in text
    kinds = {row["key"]: row for row in report.chapters.get(key="incidents").figures["kinds"]}
    assert (kinds["fire"]["now"], kinds["environment"]["now"]) == (None, None)
    assert ".." in text
    assert str(report.summary["hidden"]) in text


def test_a_year_without_data_gives_a_report_that_says_so(make_whole_report: Made) -> None:
    empty = make_municipality("Tomby kommun", people=False)
    report = make_whole_report(of=empty, edition="public", year=2024)
    assert report.state == "ready"
    assert not report.summary["has_data"]
    assert page.validate_pdf_bytes(content_of(report), profile="ua1").is_compliant
    assert "2024" in text_of(content_of(report))
    assert 3 <= report.pages <= 12


def test_the_same_figures_give_the_same_file(make_whole_report: Made, town: Any) -> None:
    from followup.models import ReportState

    first = make_whole_report()
    content = content_of(first)
    # Made anew as the same version of the same report: not one byte differs.
    Report.objects.filter(pk=first.pk).update(state=ReportState.FAILED, version=99)
    second = make_whole_report()
    Report.objects.filter(pk=second.pk).update(version=1)
    assert second.figures_digest == first.figures_digest
    from followup import paper
    from safety_portal.pdf import render_pdf

    second.refresh_from_db()
    first.refresh_from_db()
    first.version = 1
    title, lang = f"Rapport {YEAR}", "sv"
    drawn = [
        render_pdf("followup/report.html", paper.context(each), title=title, lang=lang) for each in (first, second)
    ]
    assert drawn[0] == drawn[1]
    assert content.startswith(b"%PDF-1.7")
