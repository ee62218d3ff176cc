"""On PostgreSQL, overlapping names, seats, absences and areas are refused by the database itself."""

from django.db import migrations

from organisation.database import no_overlap


class Migration(migrations.Migration):
    dependencies = [("organisation", "0003_responsibility_chain")]

    operations = [
        no_overlap("organisation_bodyname", "body_id"),
        no_overlap("organisation_seat", "seat_type_id", "body_id"),
        no_overlap("organisation_absence", "appointment_id"),
        no_overlap("organisation_areabody", "appointment_id", "body_id"),
    ]
