"""What a filter offers of many bodies is read in the order of an index."""

from django.db import migrations, models
from django.db.models import Case, F, SmallIntegerField, When

HOLD_OTHERS = (
    "board",
    "committee",
    "company",
    "council",
    "crisis_committee",
    "department",
    "federation",
    "joint_committee",
)


class Migration(migrations.Migration):
    dependencies = [("organisation", "0011_saved_filter")]

    operations = [
        migrations.AddIndex(
            model_name="body",
            index=models.Index(
                F("municipality"),
                Case(When(kind__in=HOLD_OTHERS, then=0), default=1, output_field=SmallIntegerField()),
                F("name"),
                F("id"),
                name="organisation_body_to_choose",
            ),
        )
    ]
