from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('terms', '0001_initial'), ('terms', '0002_warranty')]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='ProcedureVersion',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('meaning', models.TextField()),
                ('published_at', models.DateTimeField()),
                ('in_force_from', models.DateTimeField(db_index=True)),
                ('published_by', models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name='RuleSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(db_index=True, max_length=60)),
                ('is_on', models.BooleanField()),
                ('reason', models.CharField(max_length=200)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WarrantyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('status', models.CharField(default='draft', max_length=10)),
                ('spec', models.TextField()),
                ('in_force_from', models.DateField(blank=True, null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('sign_off', models.CharField(blank=True, max_length=200)),
                ('made_by', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('published_by', models.CharField(blank=True, max_length=200)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'draft')), fields=('status',), name='one_warranty_draft'), models.CheckConstraint(condition=models.Q(('status', 'draft'), models.Q(('in_force_from__isnull', False), ('published_at__isnull', False), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='published_warranty_is_whole')],
            },
        ),
    ]
