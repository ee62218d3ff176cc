"""A handler's first message to the reporter is the first answer, in cases from before too; each change is in history."""

from django.db import migrations
from django.db.models import F, Min, Q

from organisation import clock

BECAUSE = "a handler's first message is the first answer"


def count_messages(apps, _schema_editor):
    """Set ``first_answered_at`` to a handler's first message wherever that came before any other answer."""
    incidents = apps.get_model("incidents", "Incident").objects
    history = apps.get_model("incidents", "HistoricalIncident").objects
    from_handler = Q(messages__from_reporter=False, messages__by__isnull=False)
    told = incidents.annotate(told_at=Min("messages__at", filter=from_handler)).filter(told_at__isnull=False)
    earlier = told.filter(Q(first_answered_at__isnull=True) | Q(first_answered_at__gt=F("told_at")))
    for incident in earlier.iterator(chunk_size=500):
        incident.first_answered_at = incident.told_at
        incidents.filter(pk=incident.pk).update(first_answered_at=incident.told_at)
        # Migrations know the tables of history, and nothing that writes them.
        history.create(
            **{field.attname: getattr(incident, field.attname) for field in incident._meta.concrete_fields},
            history_date=clock.now(),
            history_type="~",
            history_change_reason=BECAUSE,
        )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_cases")]

    operations = [migrations.RunPython(count_messages, migrations.RunPython.noop)]
