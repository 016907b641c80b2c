"""The ledger only grows: the database refuses to change, delete or replace an entry.

SQLite makes a table anew where one of its columns changes, and loses its triggers by that. A
migration that changes `survey_ledgerentry` has `allow_changes` before it and `refuse_changes` behind
it:

    migrations.RunPython(allow_changes, refuse_changes), ...,
    migrations.RunPython(refuse_changes, allow_changes)
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

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


def refuse_changes(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement, params=None)


def allow_changes(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDONE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
