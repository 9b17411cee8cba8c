import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('repair', '0001_initial'), ('repair', '0002_loans')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0009_done_counted_from_index'),
        ('catalogue', '0001_squashed_0007_visits'),
        ('people', '0001_squashed_0005_reach'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnitSwap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swaps', to='cases.case')),
                ('new_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='swapped_in', to='catalogue.unit')),
                ('old_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='swapped_out', to='catalogue.unit')),
            ],
        ),
        migrations.CreateModel(
            name='WorkRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('remedy', models.CharField(max_length=20)),
                ('text', models.TextField()),
                ('minutes', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_records', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', '-id'], name='work_of_case')],
            },
        ),
        migrations.CreateModel(
            name='PartUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200)),
                ('number', models.CharField(blank=True, max_length=80)),
                ('quantity', models.PositiveIntegerField(default=1)),
                ('work', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='repair.workrecord')),
            ],
        ),
        migrations.CreateModel(
            name='Diagnosis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('symptom', models.CharField(max_length=20)),
                ('cause', models.CharField(max_length=20)),
                ('remedy', models.CharField(max_length=20)),
                ('fault', models.CharField(max_length=10)),
                ('cover', models.CharField(max_length=10)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='diagnoses', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', '-id'], name='diagnosis_of_case'), models.Index(fields=['symptom', 'cause'], name='diagnosis_codes')],
            },
        ),
        migrations.CreateModel(
            name='Loan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('product', models.CharField(blank=True, max_length=200)),
                ('serial', models.CharField(blank=True, max_length=80)),
                ('text', models.TextField(blank=True)),
                ('lent_at', models.DateTimeField()),
                ('due_date', models.DateField()),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('return_entry_no', models.PositiveIntegerField(blank=True, null=True)),
                ('condition', models.CharField(blank=True, max_length=12)),
                ('damage', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='loans', to='cases.case')),
                ('station', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='people.station')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('returned_at', None)), fields=['station', 'due_date', 'id'], name='loaners_out_of_station'), models.Index(condition=models.Q(('returned_at', None)), fields=['due_date', 'id'], name='loaners_out')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('returned_at', None)), fields=('case',), name='one_loaner_out_per_case'), models.UniqueConstraint(condition=models.Q(('returned_at', None), models.Q(('serial', ''), _negated=True)), fields=('serial',), name='loaner_lent_once')],
            },
        ),
    ]
