"""Tasks of the risks app: each calls one service and is safe to run twice."""

from celery import shared_task

from risks import services


@shared_task(expires=600)
def rank_by_new_rules() -> int:
    """Order the risks anew where a rule about persons has come into force without anybody changing anything."""
    return services.rank_by_new_rules()
