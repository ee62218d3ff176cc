"""Tasks of the organisation: each calls one service, and is safe to run twice."""

from celery import shared_task

from organisation.login.sessions import forget_old_visits
from organisation.models import Municipality
from organisation.services import importing, papers
from organisation.services.reminding import remind_appointers as remind
from organisation.vacancies import rebuild_vacancies


@shared_task(expires=600)
def forget_old_sessions() -> None:
    """Delete sessions whose time is out."""
    forget_old_visits()


@shared_task(expires=600)
def end_old_imports() -> None:
    """End imports that nobody has confirmed, and delete their files."""
    importing.sweep_imports()


@shared_task(expires=3600)
def remind_appointers() -> None:
    """Tell whoever appoints of the seats that have stood vacant: once a week, however often this runs."""
    for municipality in Municipality.objects.order_by("pk"):
        remind(municipality)


@shared_task(expires=3600)
def count_vacancies_anew() -> None:
    """Write every municipality's vacancies anew: whatever has drifted from the appointments is mended by morning."""
    for municipality in Municipality.objects.order_by("pk"):
        rebuild_vacancies(municipality)


@shared_task(expires=3600)
def sweep_papers() -> None:
    """Delete the papers of the organisation chart that have been kept long enough."""
    papers.sweep_papers()
