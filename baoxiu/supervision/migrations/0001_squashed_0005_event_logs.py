import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('supervision', '0001_figures'), ('supervision', '0002_alarms_live_with_clocks'), ('supervision', '0003_spreads'), ('supervision', '0004_settled'), ('supervision', '0005_event_logs')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0009_done_counted_from_index'),
        ('people', '0001_squashed_0005_reach'),
    ]

    operations = [
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('upto', models.BigIntegerField(default=0)),
                ('gaps', models.JSONField(default=list)),
                ('rules', models.PositiveSmallIntegerField(default=0)),
                ('looked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CaseFigures',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='figures', serialize=False, to='cases.case')),
                ('entries', models.PositiveIntegerField()),
                ('marks', models.JSONField()),
                ('clauses', models.JSONField()),
                ('lapses', models.CharField(blank=True, max_length=200)),
                ('waivers', models.CharField(blank=True, max_length=200)),
                ('product', models.CharField(blank=True, max_length=200)),
                ('symptom', models.CharField(blank=True, max_length=40)),
                ('station', models.CharField(blank=True, max_length=20)),
                ('engineer', models.CharField(blank=True, max_length=20)),
                ('channel', models.CharField(max_length=10)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('registered_day', models.DateField()),
                ('response_day', models.DateField(null=True)),
                ('closed_day', models.DateField(null=True)),
                ('settled_day', models.DateField(null=True)),
                ('calls_day', models.DateField(null=True)),
                ('final_day', models.DateField(null=True)),
                ('rated_day', models.DateField(null=True)),
                ('settles_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['registered_day', 'case'], name='figures_registered'), models.Index(fields=['response_day', 'case'], name='figures_response'), models.Index(fields=['closed_day', 'case'], name='figures_closed'), models.Index(fields=['settled_day', 'case'], name='figures_settled'), models.Index(fields=['calls_day', 'case'], name='figures_calls'), models.Index(fields=['final_day', 'case'], name='figures_final'), models.Index(fields=['rated_day', 'case'], name='figures_rated'), models.Index(condition=models.Q(('settles_at__isnull', False)), fields=['settles_at'], name='figures_settles'), models.Index(condition=models.Q(('lapses', ''), _negated=True), fields=['registered_day', 'case'], name='figures_lapsed'), models.Index(condition=models.Q(('waivers', ''), _negated=True), fields=['registered_day', 'case'], name='figures_waived')],
            },
        ),
        migrations.CreateModel(
            name='ClauseDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('clause', models.CharField(max_length=10)),
                ('kept', models.BigIntegerField(default=0)),
                ('waived', models.BigIntegerField(default=0)),
                ('broken', models.BigIntegerField(default=0)),
                ('owed', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'clause'), name='one_sum_per_day_and_clause')],
            },
        ),
        migrations.CreateModel(
            name='DayFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('dimension', models.CharField(max_length=10)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('registered_n', models.BigIntegerField(default=0)),
                ('response_n', models.BigIntegerField(default=0)),
                ('response_hit', models.BigIntegerField(default=0)),
                ('answered_n', models.BigIntegerField(default=0)),
                ('answered_minutes', models.BigIntegerField(default=0)),
                ('resolved_n', models.BigIntegerField(default=0)),
                ('resolved_hit', models.BigIntegerField(default=0)),
                ('resolved_minutes', models.BigIntegerField(default=0)),
                ('fixed_n', models.BigIntegerField(default=0)),
                ('fixed_hit', models.BigIntegerField(default=0)),
                ('repeat_n', models.BigIntegerField(default=0)),
                ('repeat_hit', models.BigIntegerField(default=0)),
                ('calls_n', models.BigIntegerField(default=0)),
                ('calls_hit', models.BigIntegerField(default=0)),
                ('calls_waived', models.BigIntegerField(default=0)),
                ('final_n', models.BigIntegerField(default=0)),
                ('final_hit', models.BigIntegerField(default=0)),
                ('final_waived', models.BigIntegerField(default=0)),
                ('csat_n', models.BigIntegerField(default=0)),
                ('csat_hit', models.BigIntegerField(default=0)),
                ('csat_stars', models.BigIntegerField(default=0)),
                ('nps_n', models.BigIntegerField(default=0)),
                ('nps_hit', models.BigIntegerField(default=0)),
                ('nps_down', models.BigIntegerField(default=0)),
                ('paid_n', models.BigIntegerField(default=0)),
                ('paid_hit', models.BigIntegerField(default=0)),
                ('paid_cents', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dimension', 'day', 'value'), name='one_sum_per_day_and_value')],
            },
        ),
        migrations.CreateModel(
            name='DaySpread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_month', models.BooleanField()),
                ('day', models.DateField()),
                ('dimension', models.CharField(max_length=10)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('answered', models.JSONField(default=dict)),
                ('resolved', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dimension', 'is_month', 'day', 'value'), name='one_spread_per_span_and_value')],
            },
        ),
        migrations.CreateModel(
            name='LogExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=4)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('status', models.CharField(default='waiting', max_length=10)),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('file', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField()),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
