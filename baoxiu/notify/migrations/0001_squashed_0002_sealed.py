from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notify', '0001_messages'), ('notify', '0002_sealed')]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('name', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('is_on', models.BooleanField(default=True)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_until', models.TimeField(null=True)),
                ('per_hour', models.PositiveIntegerField()),
                ('per_day', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('address', models.CharField(max_length=1000)),
                ('steps', models.JSONField(default=list)),
                ('language', models.CharField(default='zh', max_length=5)),
                ('is_on', models.BooleanField(default=True)),
                ('since_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(max_length=30)),
                ('channel', models.CharField(max_length=10)),
                ('language', models.CharField(max_length=5)),
                ('subject', models.CharField(blank=True, max_length=150)),
                ('body', models.TextField()),
                ('code', models.CharField(blank=True, max_length=40)),
                ('is_on', models.BooleanField(default=True)),
                ('is_latest', models.BooleanField(default=True)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_latest', True)), fields=('event', 'channel', 'language'), name='one_latest_wording')],
            },
        ),
        migrations.CreateModel(
            name='Unsubscribed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=10)),
                ('recipient', models.CharField(max_length=254)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('channel', 'recipient'), name='unsubscribed_once')],
            },
        ),
    ]
