"""The same files sent twice are one run."""

import uuid

from django.db import migrations, models


def give_keys(apps, _schema_editor):
    runs = apps.get_model("organisation", "ImportRun").objects
    for run in runs.filter(submission_key__isnull=True):
        run.submission_key = uuid.uuid4()
        run.save(update_fields=["submission_key"])


class Migration(migrations.Migration):
    dependencies = [("organisation", "0008_how_a_stop_is_lifted")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="submission_key",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="importrun",
            name="submission_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
