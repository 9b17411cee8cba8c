import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('charges', '0001_initial'), ('charges', '0002_prices_and_endings'), ('charges', '0003_endings'), ('charges', '0004_bookings')]

    initial = True

    dependencies = [
        ('cases', '0001_squashed_0009_done_counted_from_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('version', models.PositiveIntegerField()),
                ('status', models.CharField(default='draft', max_length=10)),
                ('in_force_from', models.DateTimeField(blank=True, null=True)),
                ('tax_included', models.BooleanField(default=True)),
                ('tax_rate', models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ('minimum', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('approval_above', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('text', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('made_by', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('published_by', models.CharField(blank=True, max_length=200)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['currency', 'status', 'in_force_from'], name='prices_in_force')],
                'constraints': [models.UniqueConstraint(fields=('currency', 'version'), name='price_versions_numbered'), models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('currency',), name='one_price_draft_per_currency')],
            },
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('entry_no', models.PositiveIntegerField()),
                ('status', models.CharField(max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('net', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('tax', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('tax_included', models.BooleanField(default=True)),
                ('total', models.DecimalField(decimal_places=2, max_digits=16)),
                ('text', models.TextField(blank=True)),
                ('text_sha256', models.CharField(max_length=64)),
                ('valid_days', models.PositiveSmallIntegerField(default=14)),
                ('valid_until', models.DateTimeField()),
                ('made_by', models.CharField(max_length=200)),
                ('maker', models.CharField(blank=True, max_length=40)),
                ('approved_by', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='cases.case')),
                ('price_list', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='charges.pricelist')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'version'), name='quote_versions_numbered'), models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'sent'])), fields=('case',), name='one_quote_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('way', models.CharField(max_length=10)),
                ('recorded_by', models.CharField(max_length=40)),
                ('option', models.CharField(blank=True, max_length=1)),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('is_signed', models.BooleanField(default=False)),
                ('entry_no', models.PositiveIntegerField(default=0)),
                ('text_sha256', models.CharField(max_length=64)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='consent', to='charges.quote')),
            ],
        ),
        migrations.CreateModel(
            name='QuoteEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(max_length=12)),
                ('entry_no', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('quote', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='charges.quote')),
            ],
        ),
        migrations.CreateModel(
            name='QuoteLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('item', models.CharField(blank=True, max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('text', models.CharField(max_length=200)),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=8)),
                ('price', models.DecimalField(decimal_places=2, max_digits=12)),
                ('is_free', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=12)),
                ('option', models.CharField(blank=True, max_length=1)),
                ('tax_rate', models.DecimalField(decimal_places=2, default=0, max_digits=5)),
                ('tax', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('total', models.DecimalField(decimal_places=2, max_digits=16)),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='charges.quote')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('quote', 'position'), name='quote_lines_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_no', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('way', models.CharField(blank=True, max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=16)),
                ('reference', models.CharField(blank=True, max_length=80)),
                ('gateway_reference', models.CharField(blank=True, max_length=120, null=True, unique=True)),
                ('recorded_by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='cases.case')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['at', 'currency'], name='booking_report')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='booking_is_money'), models.UniqueConstraint(fields=('case', 'entry_no', 'kind'), name='one_booking_per_cause')],
            },
        ),
        migrations.CreateModel(
            name='PriceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('name_en', models.CharField(blank=True, max_length=200)),
                ('unit', models.CharField(default='job', max_length=10)),
                ('price', models.DecimalField(decimal_places=2, max_digits=12)),
                ('tax_rate', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ('remedy', models.CharField(blank=True, max_length=20)),
                ('zone', models.CharField(blank=True, max_length=100)),
                ('product_class', models.CharField(blank=True, max_length=20)),
                ('model', models.CharField(blank=True, max_length=80)),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='charges.pricelist')),
            ],
            options={
                'ordering': ['kind', 'code'],
                'constraints': [models.UniqueConstraint(fields=('price_list', 'code'), name='price_code_once')],
            },
        ),
    ]
