
import attachments.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0011_saved_filter'),
    ]

    operations = [
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=attachments.models.new_public_id, editable=False, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('file', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'Waits to be scanned'), ('clean', 'Scanned, nothing found'), ('infected', 'Removed: a virus was found'), ('removed', 'Removed')], default='waiting', max_length=20)),
                ('scanned_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality')),
            ],
            options={
                'verbose_name': 'file',
                'verbose_name_plural': 'files',
                'ordering': ('pk',),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='attachments_waiting')],
            },
        ),
    ]
