"""What 0001 to 0009 lead to, in one go for a new home; with the search index of 0002."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQLITE = ("CREATE VIRTUAL TABLE cases_search USING fts5(tokens, content='', columnsize=0)", "DROP TABLE cases_search")
POSTGRES = (
    "ALTER TABLE cases_searchtext ADD COLUMN vector tsvector; "
    "CREATE INDEX cases_search_vector ON cases_searchtext USING gin(vector)",
    "ALTER TABLE cases_searchtext DROP COLUMN vector",
)


def _run(which):
    def run(apps, schema_editor):
        schema_editor.execute((SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES)[which])

    return run


class Migration(migrations.Migration):

    replaces = [('cases', '0001_initial'), ('cases', '0002_search'), ('cases', '0003_open_duties'), ('cases', '0004_levels'), ('cases', '0005_messages'), ('cases', '0006_duty_done'), ('cases', '0007_registrations'), ('cases', '0008_lean_indexes'), ('cases', '0009_done_counted_from_index')]

    initial = True

    dependencies = [
        ('catalogue', '0001_squashed_0007_visits'),
        ('people', '0001_squashed_0005_reach'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('reference', models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ('procedure', models.CharField(max_length=64)),
                ('stage', models.CharField(max_length=20)),
                ('stage_since', models.DateTimeField()),
                ('is_open', models.BooleanField(default=True)),
                ('channel', models.CharField(max_length=10)),
                ('kind', models.CharField(default='repair', max_length=20)),
                ('language', models.CharField(default='zh', max_length=10)),
                ('priority', models.PositiveSmallIntegerField(default=3)),
                ('subject', models.CharField(max_length=200)),
                ('contact_name', models.CharField(blank=True, max_length=200)),
                ('contact_phone', models.CharField(blank=True, max_length=32)),
                ('contact_email', models.CharField(blank=True, max_length=254)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('facts', models.JSONField(default=dict)),
                ('next_duty', models.CharField(blank=True, max_length=30)),
                ('next_due_at', models.DateTimeField(blank=True, null=True)),
                ('last_line', models.CharField(blank=True, max_length=160)),
                ('last_at', models.DateTimeField()),
                ('journal_count', models.PositiveIntegerField(default=0)),
                ('journal_head', models.CharField(default='', max_length=64)),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='people.customer')),
                ('engineer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='engineer_cases', to=settings.AUTH_USER_MODEL)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='cases.case')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='owned_cases', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='people.site')),
                ('station', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='people.station')),
                ('unit', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='catalogue.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['-created_at', '-id'], name='case_newest'), models.Index(condition=models.Q(('is_open', True)), fields=['-created_at', '-id'], name='case_open_newest'), models.Index(fields=['stage', '-created_at', '-id'], name='case_stage_newest'), models.Index(condition=models.Q(('is_open', True)), fields=['next_due_at', 'id'], name='case_open_due'), models.Index(fields=['channel', '-created_at', '-id'], name='case_channel_newest'), models.Index(fields=['kind', '-created_at', '-id'], name='case_kind_newest'), models.Index(fields=['priority', '-created_at', '-id'], name='case_priority_newest'), models.Index(fields=['owner', '-created_at', '-id'], name='case_owner'), models.Index(fields=['engineer', '-created_at', '-id'], name='case_engineer_newest'), models.Index(fields=['station', '-created_at', '-id'], name='case_station_newest'), models.Index(fields=['engineer', 'is_open', 'next_due_at'], name='case_engineer'), models.Index(fields=['station', 'stage', 'next_due_at'], name='case_station'), models.Index(fields=['customer', '-created_at'], name='case_customer'), models.Index(fields=['unit', '-created_at'], name='case_unit'), models.Index(fields=['contact_phone'], name='case_phone')],
            },
        ),
        migrations.CreateModel(
            name='Sequence',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('value', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_text', serialize=False, to='cases.case')),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock_from', models.DateTimeField(blank=True, null=True)),
                ('minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('calendar', models.CharField(blank=True, default='', max_length=40)),
                ('level', models.CharField(blank=True, default='', max_length=40)),
                ('book', models.PositiveIntegerField(default=0)),
                ('is_provisional', models.BooleanField(default=False)),
                ('warn_at', models.DateTimeField()),
                ('inner_due_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('alarm_at', models.DateTimeField(blank=True, null=True)),
                ('fired', models.CharField(blank=True, default='', max_length=30)),
                ('kind', models.CharField(max_length=30)),
                ('clause', models.CharField(max_length=10)),
                ('party', models.CharField(max_length=20)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(default='open', max_length=10)),
                ('opened_by_no', models.PositiveIntegerField()),
                ('ended_by_no', models.PositiveIntegerField(blank=True, null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='duties', to='cases.case')),
                ('owner', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='people.station')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('outcome', 'open')), fields=['party', 'due_at'], name='duty_open_party'), models.Index(condition=models.Q(('outcome', 'open')), fields=['owner', 'due_at', 'outcome'], name='duty_open_owner'), models.Index(condition=models.Q(('outcome', 'open')), fields=['due_at'], name='duty_open_due'), models.Index(condition=models.Q(('outcome', 'open'), ('owner', None)), fields=['party', 'due_at'], name='duty_open_free'), models.Index(condition=models.Q(('outcome', 'open')), fields=['kind', 'due_at', 'outcome'], name='duty_open_kind'), models.Index(condition=models.Q(('outcome', 'done')), fields=['ended_at', 'kind', 'owner', 'outcome'], name='duty_done'), models.Index(fields=['case', 'outcome'], name='duty_case'), models.Index(condition=models.Q(('alarm_at__isnull', False), ('outcome', 'open')), fields=['alarm_at'], name='duty_alarm'), models.Index(condition=models.Q(('minutes__isnull', False), ('outcome', 'open')), fields=['book'], name='duty_book')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'open')), fields=('case', 'kind'), name='one_open_duty_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=40)),
                ('key', models.CharField(max_length=255)),
                ('digest', models.CharField(max_length=64)),
                ('answer', models.JSONField(null=True)),
                ('created_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('actor', 'key'), name='key_once_per_actor')],
            },
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('no', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('step', models.CharField(max_length=30)),
                ('clause', models.CharField(max_length=10)),
                ('actor', models.CharField(max_length=40)),
                ('actor_name', models.CharField(max_length=200)),
                ('party', models.CharField(max_length=20)),
                ('from_stage', models.CharField(max_length=20)),
                ('to_stage', models.CharField(max_length=20)),
                ('body', models.JSONField()),
                ('content_hash', models.CharField(blank=True, default='', max_length=64)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['step', 'at'], name='journal_step')],
                'constraints': [models.UniqueConstraint(fields=('case', 'no'), name='journal_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Content',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.CharField(max_length=32)),
                ('words', models.JSONField(null=True)),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='content', to='cases.journalentry')),
            ],
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uploader', models.CharField(max_length=40)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('registration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.registration')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='cases.case')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='attachments', to='cases.journalentry')),
            ],
        ),
        migrations.CreateModel(
            name='Outgoing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField(default=0)),
                ('event', models.CharField(max_length=30)),
                ('channel', models.CharField(default='email', max_length=10)),
                ('language', models.CharField(max_length=10)),
                ('recipient', models.CharField(max_length=254)),
                ('context', models.JSONField(default=dict)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('template', models.PositiveBigIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('due_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField()),
                ('case', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='outgoing', to='cases.case')),
                ('registration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='catalogue.registration')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at', 'id'], name='outgoing_waiting'), models.Index(condition=models.Q(('state', 'sent')), fields=['recipient', 'channel', '-sent_at'], name='outgoing_budget')],
                'constraints': [models.UniqueConstraint(fields=('case', 'entry_no', 'event', 'channel', 'recipient'), name='one_message_per_cause'), models.UniqueConstraint(condition=models.Q(('registration__isnull', False)), fields=('registration', 'event', 'channel'), name='one_message_per_registration'), models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('registration', None)), models.Q(('case', None), ('registration__isnull', False)), _connector='OR'), name='message_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(default='hold', max_length=10)),
                ('clause', models.CharField(default='C4.1', max_length=10)),
                ('opened_by_no', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(max_length=20)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('expected_date', models.DateField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pauses', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('scope', 'hold'), ('until_at', None)), fields=['case'], name='pause_running')],
            },
        ),
        migrations.CreateModel(
            name='PersonalLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=12)),
                ('nonce', models.CharField(max_length=32)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='links', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'purpose'], name='cases_perso_case_id_00dce9_idx')],
            },
        ),
        migrations.CreateModel(
            name='Span',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clock_from', models.DateTimeField(blank=True, null=True)),
                ('minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('calendar', models.CharField(blank=True, default='', max_length=40)),
                ('level', models.CharField(blank=True, default='', max_length=40)),
                ('book', models.PositiveIntegerField(default=0)),
                ('is_provisional', models.BooleanField(default=False)),
                ('warn_at', models.DateTimeField()),
                ('inner_due_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField()),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('alarm_at', models.DateTimeField(blank=True, null=True)),
                ('fired', models.CharField(blank=True, default='', max_length=30)),
                ('kind', models.CharField(max_length=30)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(default='open', max_length=10)),
                ('opened_by_no', models.PositiveIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spans', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('alarm_at__isnull', False), ('outcome', 'open')), fields=['alarm_at'], name='span_alarm'), models.Index(condition=models.Q(('outcome', 'open')), fields=['due_at'], name='span_open_due'), models.Index(condition=models.Q(('outcome', 'open')), fields=['book'], name='span_book')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', 'open')), fields=('case', 'kind'), name='one_open_span_per_kind')],
            },
        ),
        migrations.CreateModel(
            name='WorkOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('venue', models.CharField(max_length=10)),
                ('status', models.CharField(max_length=12)),
                ('starts_at', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('under_way_at', models.DateTimeField(blank=True, null=True)),
                ('arrived_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='work_orders', to='cases.case')),
                ('engineer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.station')),
            ],
            options={
                'indexes': [models.Index(fields=['engineer', 'status', 'starts_at'], name='work_order_day'), models.Index(fields=['case', '-id'], name='work_order_of_case')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['done', 'declined', 'cancelled']), _negated=True), fields=('case',), name='one_running_work_order')],
            },
        ),
        migrations.RunPython(_run(0), _run(1)),
    ]
