"""The table of Django's ``DatabaseCache``, so that it comes with the migrations and not by a command of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0006_taken_over")]

    operations = [
        migrations.CreateModel(
            name="CacheRow",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "entry of the cache",
                "verbose_name_plural": "entries of the cache",
                "db_table": "portal_cache",
            },
        ),
    ]
