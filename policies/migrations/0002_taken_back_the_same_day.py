from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0003_responsibility_chain'),
        ('policies', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='area',
            name='policies_area_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='dimension',
            name='policies_dimension_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='documentversion',
            name='policies_documentversion_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='goal',
            name='policies_goal_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='law',
            name='policies_law_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='protectedvalue',
            name='policies_protectedvalue_ends_after_start',
        ),
        migrations.RemoveConstraint(
            model_name='readingduty',
            name='policies_readingduty_ends_after_start',
        ),
        migrations.AddConstraint(
            model_name='area',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_area_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='dimension',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_dimension_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_documentversion_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='goal',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_goal_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='law',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_law_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='protectedvalue',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_protectedvalue_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='readingduty',
            constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='policies_readingduty_ends_after_start'),
        ),
    ]
