from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_oldest_first")]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="handed_out",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
