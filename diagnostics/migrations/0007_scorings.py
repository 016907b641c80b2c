import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diagnostics', '0006_lease_holders'),
        ('survey', '0009_outbox'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Scoring',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('queued', 'Waiting for the worker'), ('running', 'Running'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('given_up', 'Given up')], default='queued', max_length=9)),
                ('run', models.UUIDField(default=uuid.uuid4)),
                ('claim', models.UUIDField(null=True)),
                ('steps', models.PositiveIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('held_until', models.DateTimeField(null=True)),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='scoring', to='survey.campaign')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('started_at__isnull', True), ('state', 'queued')), models.Q(('claim__isnull', False), ('started_at__isnull', False), ('state', 'running')), models.Q(('claim__isnull', True), ('state__in', ['done', 'failed', 'cancelled', 'given_up'])), _connector='OR'), name='scoring_is_claimed_while_it_runs'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('steps'))), name='scoring_does_no_more_than_its_steps'), models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'failed'), _connector='OR'), name='scoring_has_a_reason_if_it_failed')],
            },
        ),
    ]
