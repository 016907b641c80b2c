"""What the answers of a campaign are used for is settled by its launch: the database refuses more.

SQLite makes a table anew where one of its columns changes, and loses its triggers by that. A
migration that changes `survey_campaign` has `let_change` before it and `settle` behind it:

    migrations.RunPython(let_change, settle), ..., migrations.RunPython(settle, let_change)
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "settled use: whether analysts get single answers is settled by the launch"
WHEN = "OLD.state <> 'draft' AND NEW.gives_rows <> OLD.gives_rows"
SQLITE = (
    "CREATE TRIGGER survey_campaign_settled_use BEFORE UPDATE ON survey_campaign "
    f"WHEN {WHEN} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION survey_campaign_settled_use() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END $$",
    "CREATE TRIGGER survey_campaign_settled_use BEFORE UPDATE ON survey_campaign "
    f"FOR EACH ROW WHEN ({WHEN}) EXECUTE FUNCTION survey_campaign_settled_use()",
)
UNDONE = {
    "sqlite": ("DROP TRIGGER survey_campaign_settled_use",),
    "postgresql": (
        "DROP TRIGGER survey_campaign_settled_use ON survey_campaign",
        "DROP FUNCTION survey_campaign_settled_use()",
    ),
}


def settle(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement, params=None)


def let_change(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDONE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
