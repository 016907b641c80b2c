"""That a second person refused a change is told where it was asked for until another is."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('survey', '0024_asked_changes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusedChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('cancellation', 'cancel the campaign'), ('address', 'correct an address that a mail has gone to')], max_length=12)),
                ('asked_on', models.DateField()),
                ('day', models.DateField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused_changes', to='survey.campaign')),
                ('recipient', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='refused_change', to='survey.recipient')),
                ('refused_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'cancellation'), ('recipient', None)), models.Q(('kind', 'address'), ('recipient__isnull', False)), _connector='OR'), name='a_refused_address_has_its_person'), models.UniqueConstraint(condition=models.Q(('kind', 'cancellation')), fields=('campaign',), name='the_last_refused_cancellation')],
            },
        ),
    ]
