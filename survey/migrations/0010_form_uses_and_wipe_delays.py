
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0009_outbox'),
    ]

    operations = [
        migrations.CreateModel(
            name='WipeDelay',
            fields=[
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='wipe_delay', serialize=False, to='survey.campaign')),
                ('what', models.CharField(choices=[('ballots', 'the opened ballots, with drafts and invitations'), ('cancelled', 'everything that a cancelled campaign had collected'), ('answers', 'the answers whose time is over')], max_length=9)),
                ('since', models.DateTimeField()),
                ('tried_at', models.DateTimeField()),
                ('tries', models.PositiveIntegerField(default=1)),
                ('problem', models.TextField()),
            ],
        ),
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
