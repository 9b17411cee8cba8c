from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0001_figures'),
    ]

    operations = [
        migrations.DeleteModel(name='AlarmNotice'),
        migrations.DeleteModel(name='Alarm'),
        migrations.DeleteModel(name='Level'),
    ]
