"""What 0001 to 0003 lead to, in one go for a new home; with the first rungs of 0002."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def first_rungs(apps, schema_editor):
    """To begin with: whose duty it is after half an hour, the manager after two hours."""
    Rung = apps.get_model("clocks", "Rung")
    for number, minutes, role in ((1, 30, "owner"), (2, 120, "manager")):
        Rung.objects.create(number=number, after_minutes=minutes, role=role)


class Migration(migrations.Migration):

    replaces = [('clocks', '0001_levels'), ('clocks', '0002_chain'), ('clocks', '0003_told')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0009_done_counted_from_index'),
        ('people', '0001_squashed_0005_reach'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rung',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(unique=True)),
                ('after_minutes', models.PositiveIntegerField()),
                ('role', models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='Alarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('point', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('fired_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('done', models.JSONField(default=list)),
                ('to', models.CharField(blank=True, default='', max_length=20)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to='cases.case')),
                ('seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alarms', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('seen_at', None)), fields=['staff', '-fired_at'], name='alarm_staff'), models.Index(condition=models.Q(('seen_at', None)), fields=['role', '-fired_at'], name='alarm_role'), models.Index(fields=['case', '-fired_at'], name='alarm_case'), models.Index(condition=models.Q(('told_at', None)), fields=['id'], name='alarm_untold')],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind', 'point', 'at', 'to'), name='one_alarm_per_point')],
            },
        ),
        migrations.RunPython(first_rungs, migrations.RunPython.noop),
    ]
