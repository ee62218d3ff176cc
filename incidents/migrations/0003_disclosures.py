import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('incidents', '0002_open_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='incidentgrant',
            name='incidents_incidentgrant_ends_after_start',
        ),
        migrations.AddField(
            model_name='incidentgrant',
            name='assessment',
            field=models.CharField(blank=True, max_length=500, verbose_name='secrecy assessment'),
        ),
        migrations.AddField(
            model_name='incidentgrant',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='incidentgrant',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='incidents_incidentgrant_ends_after_start'),
        ),
    ]
