import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('followups', '0001_initial'), ('followups', '0002_answers')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0009_done_counted_from_index'),
        ('people', '0001_squashed_0005_reach'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('round', models.PositiveSmallIntegerField()),
                ('attempt', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(max_length=10)),
                ('detail', models.CharField(blank=True, default='', max_length=20)),
                ('answers', models.JSONField(default=list)),
                ('satisfaction', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('caller', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['caller', '-at'], name='follow_up_caller')],
                'constraints': [models.UniqueConstraint(fields=('case', 'kind', 'round', 'attempt'), name='follow_up_attempts_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('round', models.PositiveSmallIntegerField()),
                ('attitude', models.PositiveSmallIntegerField()),
                ('speed', models.PositiveSmallIntegerField()),
                ('quality', models.PositiveSmallIntegerField()),
                ('overall', models.PositiveSmallIntegerField()),
                ('nps', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='cases.case')),
                ('engineer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['engineer', '-at'], name='rating_engineer'), models.Index(fields=['-at'], name='rating_newest')],
                'constraints': [models.UniqueConstraint(fields=('case', 'round'), name='one_rating_per_round')],
            },
        ),
    ]
