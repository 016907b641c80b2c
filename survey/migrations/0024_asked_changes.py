"""What a manager asks for waits in a table of its own until a second person agrees."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0023_use_of_answers'),
    ]

    operations = [
        migrations.CreateModel(
            name='AskedChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('cancellation', 'cancel the campaign'), ('address', 'correct an address that a mail has gone to')], max_length=12)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('day', models.DateField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked_changes', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked_changes', to='survey.campaign')),
                ('recipient', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='asked_change', to='survey.recipient')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('email', ''), ('kind', 'cancellation'), ('name', ''), ('recipient', None)), models.Q(('kind', 'address'), ('recipient__isnull', False), models.Q(('email', ''), _negated=True)), _connector='OR'), name='an_asked_address_has_its_person'), models.UniqueConstraint(condition=models.Q(('kind', 'cancellation')), fields=('campaign',), name='a_cancellation_is_asked_for_once')],
            },
        ),
    ]
