"""Readers who come after a launch wait for a second person; whoever reads today goes on reading."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

CASCADE, SET_NULL = django.db.models.deletion.CASCADE, django.db.models.deletion.SET_NULL


class Migration(migrations.Migration):
    dependencies = [("survey", "0021_head_counts")]

    operations = [
        migrations.CreateModel(
            name="LaterReader",
            fields=[
                ("id", models.UUIDField(
                    default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("campaign", models.ForeignKey(
                    on_delete=CASCADE, related_name="later_readers", to="survey.campaign")),
                ("given_by", models.ForeignKey(
                    null=True, on_delete=SET_NULL, related_name="+",
                    to=settings.AUTH_USER_MODEL)),
                ("leadership", models.ForeignKey(
                    null=True, on_delete=CASCADE, related_name="later_readers",
                    to="survey.leadership")),
                ("membership", models.ForeignKey(
                    null=True, on_delete=CASCADE, related_name="later_readers",
                    to="survey.membership")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("membership", None), ("leadership", None), _connector="XOR"
                        ),
                        name="a_later_reader_has_one_reason",
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "membership"), name="a_later_role_waits_once"
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "leadership"), name="a_later_leadership_waits_once"
                    ),
                ],
            },
        ),
    ]  # fmt: skip
