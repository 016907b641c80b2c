"""The ledger belongs to organisations, says who, and is never changed any more."""

from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

REFUSAL = "The ledger is append-only: expected a new entry, found a change of those that are there."
SQLITE = tuple(
    f"CREATE TRIGGER survey_ledger_no_{name} BEFORE {event} ON survey_ledgerentry {condition} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for name, event, condition in (
        ("update", "UPDATE", ""),
        ("delete", "DELETE", ""),
        # INSERT OR REPLACE deletes without a word to the trigger above.
        (
            "replace",
            "INSERT",
            "WHEN EXISTS (SELECT 1 FROM survey_ledgerentry WHERE id = NEW.id)",
        ),
    )
)
POSTGRESQL = (
    "CREATE FUNCTION survey_ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; "
    "END $$",
    # Of each statement, since TRUNCATE has no rows.
    "CREATE TRIGGER survey_ledger_no_change "
    "BEFORE UPDATE OR DELETE OR TRUNCATE ON survey_ledgerentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION survey_ledger_refuse()",
)
UNDONE = {
    "sqlite": [f"DROP TRIGGER survey_ledger_no_{name}" for name in ("update", "delete", "replace")],
    "postgresql": [
        "DROP TRIGGER survey_ledger_no_change ON survey_ledgerentry",
        "DROP FUNCTION survey_ledger_refuse()",
    ],
}


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


def refuse_changes(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement, params=None)


def allow_changes(apps, schema_editor):
    for statement in UNDONE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


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
