"""The inbox's order runs one way and its indexes hold what its count reads, so that any depth costs the same."""

from django.db import migrations, models
from django.db.models import Case, F, Q, SmallIntegerField, When


def oldest_first(name, condition):
    """Return the index of cases in the inbox's order that ``condition`` leaves."""
    rank = Case(When(serious=True, then=0), default=1, output_field=SmallIntegerField())
    order = (F("municipality"), rank, F("reported_at"), F("id"))
    index = models.Index(*order, include=("body",), condition=condition, name=name)
    return migrations.AddIndex(model_name="incident", index=index)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_first_answers")]

    operations = [
        oldest_first("incidents_oldest_first", Q(disposed_at__isnull=True)),
        oldest_first("incidents_open_oldest_first", Q(disposed_at__isnull=True) & ~Q(state="closed")),
        migrations.RemoveIndex(model_name="incident", name="incidents_inbox"),
        migrations.RemoveIndex(model_name="incident", name="incidents_open"),
    ]
