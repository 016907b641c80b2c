
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0009_outbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormUse',
            fields=[
                ('key', models.CharField(max_length=36, primary_key=True, serialize=False)),
                ('place', models.CharField(blank=True, max_length=500)),
                ('used_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
