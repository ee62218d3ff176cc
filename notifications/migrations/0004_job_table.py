"""The table of jobs is named after its app."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("followup", "0002_job_moves_down"), ("notifications", "0003_job")]

    operations = [
        migrations.AlterModelTable("job", None),
        migrations.RenameIndex("job", new_name="notifications_job_open", old_name="followup_job_open"),
        migrations.RemoveField("job", "public_id"),
    ]
