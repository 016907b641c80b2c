"""The ledger belongs to organisations, says who, and is never changed any more."""

from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from survey.migrations._ledger_triggers import allow_changes, refuse_changes


def fill_entries(apps, schema_editor):
    """Give old entries what they can have: organisation, day, and the unit of code sheets."""
    entries = apps.get_model("survey", "LedgerEntry").objects
    units = apps.get_model("survey", "CampaignUnit").objects
    for entry in entries.select_related("campaign").order_by("pk"):
        campaign, unit = entry.campaign, str(entry.detail.get("unit", ""))
        entry.organisation_id = campaign.organisation_id
        entry.campaign_name = campaign.name
        entry.day = timezone.localdate(entry.at, ZoneInfo(campaign.time_zone))
        if unit:
            known = units.filter(campaign=campaign, code=unit).values_list("name", flat=True)
            entry.unit_code, entry.unit_name = unit, known.first() or ""
            entry.function = str(entry.detail.get("function", ""))
        entry.save()


class Migration(migrations.Migration):
    dependencies = [("survey", "0014_mail_troubles")]

    operations = [
        migrations.AlterModelOptions(name="ledgerentry", options={"ordering": ("id",)}),
        # Without a constraint first: PostgreSQL changes no table whose rows wait for a check.
        migrations.AlterField(
            model_name="ledgerentry",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="ledger",
                to="survey.campaign",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="ledger",
                to="survey.organisation",
            ),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="campaign_name",
            field=models.CharField(blank=True, default="", max_length=120),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="ledgerentry", name="day", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="who",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "not noted"),
                    ("account", "account"),
                    ("worker", "background worker"),
                    ("command", "command line"),
                ],
                default="",
                max_length=7,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="ledgerentry", name="account", field=models.UUIDField(blank=True, null=True)
        ),
        *(
            migrations.AddField(
                model_name="ledgerentry",
                name=name,
                field=models.CharField(blank=True, default="", max_length=length),
                preserve_default=False,
            )
            for name, length in (
                ("account_address", 254),
                ("account_name", 120),
                ("unit_code", 40),
                ("unit_name", 120),
            )
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="function",
            field=models.CharField(
                blank=True,
                choices=[("operations", "Service operations"), ("sales", "Service sales")],
                default="",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill_entries, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="ledgerentry",
            name="organisation",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="ledger",
                to="survey.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry", name="day", field=models.DateField()
        ),
        # Last: on SQLite whoever makes the table anew loses them.
        migrations.RunPython(refuse_changes, allow_changes),
    ]
