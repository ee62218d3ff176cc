import datetime
import django.db.models.deletion
import organisation.models.base
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('organisation', '0001_initial'),
        ('organisation', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalIncident',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('public_id', models.UUIDField(db_index=True, default=organisation.models.base.new_public_id, editable=False)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('threat', 'Threat'), ('violence', 'Violence'), ('harassment', 'Harassment'), ('near_miss', 'Near miss'), ('accident', 'Accident'), ('vandalism', 'Vandalism'), ('theft', 'Burglary or theft'), ('fire', 'Fire'), ('information_security', 'Information security'), ('undue_influence', 'Undue influence'), ('disruption', 'Disruption of operations'), ('environment', 'Environment'), ('risk_observation', 'Risk observation'), ('other', 'Something else')], max_length=30)),
                ('occurred_when', models.CharField(choices=[('just_now', 'Just now'), ('today', 'Earlier today'), ('another_day', 'Another day')], default='today', max_length=20)),
                ('occurred_on', models.DateField()),
                ('reported_at', models.DateTimeField()),
                ('became_aware_at', models.DateTimeField()),
                ('answer_by', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('read', 'Read'), ('closed', 'Closed')], default='new', max_length=20)),
                ('serious', models.BooleanField(default=False)),
                ('affects_persons', models.BooleanField(default=True)),
                ('cost_ore', models.BigIntegerField(blank=True, null=True)),
                ('submission_key', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('body', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='organisation.body')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='organisation.municipality')),
            ],
            options={
                'verbose_name': 'historical incident',
                'verbose_name_plural': 'historical incidents',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=organisation.models.base.new_public_id, editable=False, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('threat', 'Threat'), ('violence', 'Violence'), ('harassment', 'Harassment'), ('near_miss', 'Near miss'), ('accident', 'Accident'), ('vandalism', 'Vandalism'), ('theft', 'Burglary or theft'), ('fire', 'Fire'), ('information_security', 'Information security'), ('undue_influence', 'Undue influence'), ('disruption', 'Disruption of operations'), ('environment', 'Environment'), ('risk_observation', 'Risk observation'), ('other', 'Something else')], max_length=30)),
                ('occurred_when', models.CharField(choices=[('just_now', 'Just now'), ('today', 'Earlier today'), ('another_day', 'Another day')], default='today', max_length=20)),
                ('occurred_on', models.DateField()),
                ('reported_at', models.DateTimeField()),
                ('became_aware_at', models.DateTimeField()),
                ('answer_by', models.DateField(blank=True, null=True)),
                ('state', models.CharField(choices=[('new', 'New'), ('read', 'Read'), ('closed', 'Closed')], default='new', max_length=20)),
                ('serious', models.BooleanField(default=False)),
                ('affects_persons', models.BooleanField(default=True)),
                ('cost_ore', models.BigIntegerField(blank=True, null=True)),
                ('submission_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='organisation.body')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ('-serious', 'reported_at', 'pk'),
                'permissions': (('report_incident', 'Can report an incident'), ('read_narrative', "Can read a case's text"), ('handle_incident', 'Can handle a case')),
                'indexes': [models.Index(fields=['municipality', '-serious', 'reported_at', 'id'], name='incidents_inbox'), models.Index(fields=['municipality', 'occurred_on'], name='incidents_occurred'), models.Index(fields=['body', 'occurred_on'], name='incidents_body')],
                'constraints': [models.UniqueConstraint(fields=('municipality', 'year', 'number'), name='incidents_number_once')],
            },
        ),
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('reporter', 'reporter')], max_length=20)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='identities', to='incidents.incident')),
            ],
            options={
                'verbose_name': 'identity',
                'verbose_name_plural': 'identities',
                'constraints': [models.UniqueConstraint(fields=('incident', 'role', 'person'), name='incidents_identity_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
            options={
                'verbose_name': 'incident counter',
                'verbose_name_plural': 'incident counters',
                'constraints': [models.UniqueConstraint(fields=('municipality', 'year'), name='incidents_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='IncidentGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(default=datetime.date(1971, 1, 1))),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='incidents.incident')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'incident grant',
                'verbose_name_plural': 'incident grants',
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='incidents_incidentgrant_ends_after_start'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', False)), name='incidents_incidentgrant_grant_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='IncidentStatus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(choices=[('state', 'State changed'), ('serious', 'Marked as serious'), ('not_serious', 'No longer marked as serious')], default='state', max_length=20)),
                ('from_state', models.CharField(blank=True, max_length=20)),
                ('to_state', models.CharField(choices=[('new', 'New'), ('read', 'Read'), ('closed', 'Closed')], max_length=20)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statuses', to='incidents.incident')),
            ],
            options={
                'verbose_name': 'incident status',
                'verbose_name_plural': 'incident statuses',
                'ordering': ('incident', 'at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Narrative',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('incident', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='narrative', to='incidents.incident')),
            ],
            options={
                'verbose_name': 'narrative',
                'verbose_name_plural': 'narratives',
            },
        ),
        migrations.CreateModel(
            name='ReadLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='incidents.incident')),
            ],
            options={
                'verbose_name': 'read log entry',
                'verbose_name_plural': 'read log',
                'ordering': ('incident', 'at'),
            },
        ),
        migrations.CreateModel(
            name='ReportDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answers', models.JSONField(default=dict)),
                ('written_at', models.DateTimeField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisation.body')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'unsent report',
                'verbose_name_plural': 'unsent reports',
                'indexes': [models.Index(fields=['written_at'], name='incidents_draft_written')],
                'constraints': [models.UniqueConstraint(fields=('person', 'body'), name='incidents_draft_once')],
            },
        ),
    ]
