"""The yearly report: made as a worker makes it, and measured against WeasyPrint alone."""

import resource
import subprocess
import sys

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from bench.city import LAST_YEAR, City
from bench.measure import Action, Result, cpu_seconds, ratios, result
from followup import figures, paper
from followup.models import Report
from followup.services import start_report
from notifications.jobs import run_job
from organisation.models import Municipality
from safety_portal import pdf

RUNS = 3
TEMPLATE, TITLE, LANG = "followup/report.html", "Årsrapport", settings.LANGUAGE_CODE
MOST_MEMORY_MB = 500


def make_report(municipality: Municipality, edition: str) -> Report:
    """Make the report as a worker does, job by job; it must come out ready."""
    report = start_report(municipality=municipality, year=LAST_YEAR, edition=edition, by=None)
    for chapter in report.chapters.all():
        run_job(chapter.job_id)
    report.refresh_from_db()
    if report.render_job_id is not None:
        run_job(report.render_job_id)
    return Report.objects.ready().get(pk=report.pk)


def measure_report(city: City) -> list[Result]:
    """Processor time of figures and PDF against WeasyPrint alone, the figures' share of it, and peak memory."""
    report = Report.objects.select_related("municipality").get(municipality=city.municipality)

    def data() -> None:
        for chapter in figures.CHAPTERS:
            figures.compute(
                chapter.key,
                municipality=report.municipality,
                year=report.year,
                edition=report.edition,
                cut_off=report.cut_off,
            )

    def whole() -> None:
        data()
        with translation.override(LANG):
            pdf.render_pdf(TEMPLATE, paper.context(report), title=TITLE, lang=LANG)

    html = _html(report)
    share = [one / (one + other) for one, other in _pairs(data, lambda: weasyprint_alone(html))]
    return [
        result(
            f"yearly report of {report.pages} pages: CPU ÷ WeasyPrint alone",
            city.scale,
            ratios(whole, lambda: weasyprint_alone(html), runs=RUNS, clock=cpu_seconds),
            at_most=1.15,
        ),
        result("yearly report: share of the figures", city.scale, share, at_most=0.1, unit="of all", asked=data),
        result("yearly report: memory ÷ 500 MB", city.scale, [_memory_mb(city) / MOST_MEMORY_MB], at_most=1),
    ]


def _pairs(one: Action, other: Action) -> list[tuple[float, float]]:
    return [(cpu_seconds(one), cpu_seconds(other)) for _run in range(RUNS)]


def _html(report: Report) -> str:
    with translation.override(LANG):
        context = paper.context(report) | {"title": TITLE, "lang": LANG, "print_sheet": pdf.PRINT_SHEET}
        return render_to_string(TEMPLATE, context)


def weasyprint_alone(html: str) -> None:
    """The yardstick: WeasyPrint makes the same kind of file of the same finished HTML."""
    from weasyprint import HTML

    HTML(string=html, base_url=f"{pdf.ORIGIN}/", url_fetcher=pdf.static_fetcher()).write_pdf(pdf_variant="pdf/a-3a")


def _memory_mb(city: City) -> float:
    """Peak memory of a process of its own that makes the report, figures and PDF, and nothing else."""
    argv = [sys.executable, "-m", "bench.alone", city.municipality.key]
    subprocess.run(argv, check=True, cwd=settings.BASE_DIR)
    # The greatest of all finished children: initdb and createdb, the only others, are far smaller.
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
