import baoxiu.catalogue.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('catalogue', '0001_initial'), ('catalogue', '0002_law_class'), ('catalogue', '0003_promises'), ('catalogue', '0004_registrations'), ('catalogue', '0005_unit_imports'), ('catalogue', '0006_price_and_installation'), ('catalogue', '0007_visits')]

    initial = True

    dependencies = [
        ('people', '0001_squashed_0005_reach'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProductModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('brand', models.CharField(blank=True, max_length=100)),
                ('product_class', models.CharField(default='appliance', max_length=20)),
                ('skill_level', models.PositiveSmallIntegerField(default=1)),
                ('visit_minutes', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('law_class', models.CharField(blank=True, max_length=40)),
                ('warranty_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('serial_format', models.CharField(blank=True, max_length=80)),
                ('is_active', models.BooleanField(default=True)),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='people.skill')),
            ],
        ),
        migrations.CreateModel(
            name='UnitImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('path', models.CharField(blank=True, max_length=40)),
                ('status', models.CharField(default='waiting', max_length=10)),
                ('problem', models.CharField(blank=True, max_length=300)),
                ('rows', models.PositiveIntegerField(null=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('added', models.PositiveIntegerField(default=0)),
                ('known', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField()),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product', models.CharField(blank=True, max_length=200)),
                ('brand', models.CharField(blank=True, max_length=100)),
                ('product_class', models.CharField(default='appliance', max_length=20)),
                ('serial', models.CharField(blank=True, max_length=80)),
                ('purchase_date', models.DateField(blank=True, null=True)),
                ('delivered_date', models.DateField(blank=True, null=True)),
                ('made_date', models.DateField(blank=True, null=True)),
                ('installed_date', models.DateField(blank=True, null=True)),
                ('price', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('qr_token', models.CharField(default=baoxiu.catalogue.models.new_token, max_length=40, unique=True)),
                ('created_at', models.DateTimeField()),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='units', to='people.customer')),
                ('model', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='catalogue.productmodel')),
                ('replaced_by', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaces', to='catalogue.unit')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='people.site')),
                ('batch', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='units', to='catalogue.unitimport')),
            ],
            options={
                'indexes': [models.Index(fields=['serial'], name='catalogue_u_serial_db04c7_idx'), models.Index(fields=['purchase_date', 'id'], name='unit_purchased'), models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch', '-id'], name='unit_batch')],
                'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('serial', ''), _negated=True), ('model__isnull', False)), fields=('model', 'serial'), name='serial_once_per_model')],
            },
        ),
        migrations.CreateModel(
            name='RefusedUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveIntegerField()),
                ('column', models.CharField(blank=True, max_length=40)),
                ('reason', models.JSONField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='catalogue.unitimport')),
            ],
        ),
        migrations.CreateModel(
            name='Registration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('key', models.CharField(max_length=120, null=True, unique=True)),
                ('channel', models.CharField(max_length=10)),
                ('status', models.CharField(default='waiting', max_length=10)),
                ('findings', models.JSONField(default=list)),
                ('model_code', models.CharField(blank=True, max_length=80)),
                ('product', models.CharField(blank=True, max_length=200)),
                ('serial', models.CharField(max_length=80)),
                ('purchase_date', models.DateField()),
                ('dealer', models.CharField(blank=True, max_length=200)),
                ('name', models.CharField(max_length=200)),
                ('phone', models.CharField(blank=True, max_length=32)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(default='zh', max_length=10)),
                ('passed_on', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('nonce', models.CharField(max_length=32)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='people.customer')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL)),
                ('earlier_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.customer')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='registrations', to='catalogue.unit')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['due_at', 'id'], name='registration_waiting'), models.Index(fields=['serial'], name='registration_serial')],
            },
        ),
    ]
