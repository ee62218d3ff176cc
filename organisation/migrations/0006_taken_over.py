"""What a body has taken over is told apart in the closure; a reorganisation tells where bodies stood and stand."""

from django.db import migrations, models

from organisation.models.base import ALWAYS


def build_anew(apps, schema_editor):
    """Let the next request of each municipality write its closure anew, with the new column."""
    apps.get_model("organisation", "Municipality").objects.update(tree_valid_until=ALWAYS)


class Migration(migrations.Migration):
    dependencies = [("organisation", "0005_outside_members")]

    operations = [
        migrations.AddField(
            model_name="bodyclosure",
            name="taken_over",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="reorganisedbody",
            name="part",
            field=models.CharField(
                choices=[("before", "before"), ("after", "after"), ("from", "stood under"), ("to", "stands under")],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="historicalreorganisedbody",
            name="part",
            field=models.CharField(
                choices=[("before", "before"), ("after", "after"), ("from", "stood under"), ("to", "stands under")],
                max_length=10,
            ),
        ),
        migrations.RunPython(build_anew, migrations.RunPython.noop),
    ]
