"""Health for whatever runs the portal: alive (the process answers), ready (database and tree can be used).

What may be down while the portal serves is told below ``ready``, a line for each that begins with ``degraded``.
"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from attachments.services import scanner_answers, scanner_is_set_up, scanner_is_turned_off


@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nothing of anything else."""
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is migrated, else 503 with one word that says which.

    A virus scanner that is down leaves the portal ready: files then wait, and nobody opens them.
    """
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("database unreachable\n", status=503, content_type="text/plain")
    if behind:
        return HttpResponse("database not migrated\n", status=503, content_type="text/plain")
    return HttpResponse("".join(["ready\n", *_degraded()]), content_type="text/plain")


def _degraded() -> list[str]:
    """Return a line for each part that the portal can serve without, and now must."""
    if scanner_is_turned_off():
        return []
    if not scanner_is_set_up():
        return ["degraded: virus scanner not set up\n"]
    return [] if scanner_answers() else ["degraded: virus scanner unreachable\n"]
