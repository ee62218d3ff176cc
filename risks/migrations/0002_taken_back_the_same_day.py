from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0003_responsibility_chain'),
        ('risks', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='scale',
            name='risks_scale_ends_after_start',
        ),
        migrations.AddConstraint(
            model_name='scale',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='risks_scale_ends_after_start'),
        ),
    ]
