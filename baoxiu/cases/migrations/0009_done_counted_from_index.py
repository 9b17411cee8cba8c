
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0008_lean_indexes'),
        ('people', '0005_reach'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='duty',
            name='duty_done',
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('outcome', 'done')), fields=['ended_at', 'kind', 'owner', 'outcome'], name='duty_done'),
        ),
    ]
