"""Tasks of the incidents app: each calls one service and is safe to run twice."""

from celery import shared_task

from incidents import services
from incidents.services import clock_watch, exporting, importing, looking_after, retaining
from organisation.models import Municipality


@shared_task(expires=600)
def end_drafts() -> int:
    """Delete unsent reports that are no longer kept."""
    return services.delete_ended_drafts()


@shared_task(expires=3600)
def look_after_cases() -> None:
    """Remind whoever has not opened a case, and pass on what lies still."""
    for municipality in Municipality.objects.order_by("pk"):
        looking_after.look_after_cases(municipality)


@shared_task(expires=600)
def forget_lookups() -> int:
    """Delete counters of tried codes that say nothing any more."""
    return services.delete_old_lookups()


@shared_task(expires=60)
def call_next() -> int:
    """Ask the next in line where nobody has answered an escalation in time."""
    return services.call_next()


@shared_task(expires=3600)
def offer_support_again() -> int:
    """Offer support anew, some days after the event."""
    return services.offer_support_again()


@shared_task(expires=3600)
def propose_disposals() -> int:
    """Propose, in every municipality, the cases that have been kept as long as their rule says."""
    return sum(retaining.propose_everywhere(one) for one in Municipality.objects.order_by("pk"))


@shared_task(expires=3600)
def sweep_exports() -> int:
    """Delete the files of exports about persons that have been kept for seven days."""
    return exporting.sweep_exports()


@shared_task(expires=600)
def watch_clocks() -> int:
    """Tell those who handle a case, and then the next in line, that the time to notify an authority runs out."""
    return clock_watch.watch_clocks()


@shared_task(expires=600)
def end_case_imports() -> int:
    """End imports of cases that nobody has confirmed, and delete their files."""
    return importing.sweep_case_imports()
