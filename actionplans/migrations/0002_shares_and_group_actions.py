import datetime
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('actionplans', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('organisation', '0003_responsibility_chain'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(1971, 1, 1))),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='actionplans.plan')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.body')),
            ],
            options={
                'verbose_name': 'plan shared with a group',
                'verbose_name_plural': 'plans shared with groups',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='actionplans_planshare_ends_after_start'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', False)), name='actionplans_planshare_share_has_an_end')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='plangrant',
            name='actionplans_plangrant_ends_after_start',
        ),
        migrations.AddField(
            model_name='historicalmeasure',
            name='from_action',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='organisation.groupaction'),
        ),
        migrations.AddField(
            model_name='measure',
            name='from_action',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='organisation.groupaction'),
        ),
        migrations.AddField(
            model_name='plangrant',
            name='assessment',
            field=models.CharField(blank=True, max_length=500, verbose_name='secrecy assessment'),
        ),
        migrations.AddField(
            model_name='plangrant',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='plangrant',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='actionplans_plangrant_ends_after_start'),
        ),
    ]
