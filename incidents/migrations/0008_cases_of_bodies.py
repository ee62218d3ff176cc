"""A department's cases, and the count of anybody's, are read in an index; those of the inbox's order hold no more."""

from django.db import migrations, models
from django.db.models import Case, F, Q, SmallIntegerField, When

KEPT = Q(disposed_at__isnull=True)
OPEN = KEPT & ~Q(state="closed")


def oldest_first(name, condition):
    """Return what makes the index of the inbox's order anew, as it was but for what it includes."""
    rank = Case(When(serious=True, then=0), default=1, output_field=SmallIntegerField())
    order = (F("municipality"), rank, F("reported_at"), F("id"))
    return [
        migrations.RemoveIndex(model_name="incident", name=name),
        migrations.AddIndex(model_name="incident", index=models.Index(*order, condition=condition, name=name)),
    ]


def of_bodies(name, condition):
    """Return what adds an index of the cases of each body that ``condition`` leaves."""
    index = models.Index(fields=("municipality", "body", "id"), condition=condition, name=name)
    return migrations.AddIndex(model_name="incident", index=index)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_earlier_wordings")]

    operations = [
        *oldest_first("incidents_oldest_first", KEPT),
        *oldest_first("incidents_open_oldest_first", OPEN),
        of_bodies("incidents_kept", KEPT),
        of_bodies("incidents_open", OPEN),
    ]
