"""Head counts by unit and function, the second person who confirms them, and a launch alone.

Of what is there already: a draft counts as begun now, so that whoever has signed in until today may
confirm it, and every manager counts as one who entered its people, since nobody noted who did.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

FUNCTIONS = [("operations", "Service operations"), ("sales", "Service sales")]


def note_the_past(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Take the last sign-in for the first, and managers of drafts for their authors."""
    users = apps.get_model("survey", "User").objects.exclude(last_login=None)
    users.update(first_signed_in_at=models.F("last_login"))
    author = apps.get_model("survey", "DraftAuthor")
    memberships = apps.get_model("survey", "Membership").objects.filter(role="manager")
    for draft in apps.get_model("survey", "Campaign").objects.filter(
        state__in=("draft", "launching")
    ):
        managers = memberships.filter(organisation=draft.organisation_id)
        author.objects.bulk_create(
            [
                author(campaign=draft, user_id=user)
                for user in managers.values_list("user_id", flat=True)
            ]
        )


class Migration(migrations.Migration):
    dependencies = [("survey", "0020_mailboxes")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="campaign",
            name="launched_alone",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("launched_alone", False), ("floor__gte", 10), _connector="OR"),
                name="a_launch_alone_raises_the_floor",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="first_signed_in_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="standing",
            field=models.CharField(
                choices=[
                    ("planned", "planned at the launch"),
                    ("added", "added or moved after the launch"),
                    ("replaced", "handed over to a newer link"),
                ],
                default="planned",
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="DraftHeadCount",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit_code", models.CharField(blank=True, max_length=40)),
                ("function", models.CharField(choices=FUNCTIONS, max_length=10)),
                ("without_mail", models.PositiveIntegerField()),
                ("campaign", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="draft_counts", to="survey.campaign")),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(
                        fields=("campaign", "unit_code", "function"),
                        name="one_draft_count_per_group",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("without_mail__gt", 0)),
                        name="draft_count_is_not_zero",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="DraftAuthor",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("campaign", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="draft_authors", to="survey.campaign")),
                ("user", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="drafts_entered", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(
                        fields=("campaign", "user"), name="an_author_is_noted_once"
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="HeadCountConfirmation",
            fields=[
                ("campaign", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, primary_key=True,
                    related_name="confirmation", serialize=False, to="survey.campaign")),
                ("user", models.ForeignKey(
                    null=True, on_delete=django.db.models.deletion.SET_NULL,
                    related_name="+", to=settings.AUTH_USER_MODEL)),
                ("name", models.CharField(max_length=254)),
                ("day", models.DateField()),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="HeadCount",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("function", models.CharField(choices=FUNCTIONS, max_length=10)),
                ("by_mail", models.PositiveIntegerField()),
                ("without_mail", models.PositiveIntegerField()),
                ("campaign_unit", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE,
                    related_name="head_counts", to="survey.campaignunit")),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(
                        fields=("campaign_unit", "function"), name="one_head_count_per_group"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_mail__gt", 0), ("without_mail__gt", 0), _connector="OR"
                        ),
                        name="head_count_is_not_zero",
                    ),
                ),
            },
        ),
        migrations.RunPython(note_the_past, migrations.RunPython.noop),
    ]  # fmt: skip
