"""The follow-up's jobs are those of the ground floor from now on; no row is touched."""

import django.db.models.deletion
from django.db import migrations, models

TO = "notifications.job"


class Migration(migrations.Migration):
    dependencies = [("followup", "0001_initial"), ("notifications", "0003_job")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "chapter",
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chapter", to=TO
                    ),
                ),
                migrations.AlterField(
                    "report",
                    "render_job",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report",
                        to=TO,
                    ),
                ),
                migrations.AlterField(
                    "historicalreport",
                    "render_job",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=TO,
                    ),
                ),
                migrations.DeleteModel("Job"),
            ],
        ),
    ]
