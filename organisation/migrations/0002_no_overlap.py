"""On PostgreSQL, overlapping periods are refused by the database itself."""

from django.db import migrations

from organisation.database import no_overlap


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [
        no_overlap("organisation_placement", "body_id"),
        no_overlap("organisation_appointment", "seat_id", "person_id"),
        no_overlap("organisation_ruleset", "municipality_id"),
    ]
