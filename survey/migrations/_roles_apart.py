"""Nobody holds single answers and figures of units in one account: the database refuses it.

Whatever writes a role or a leadership is refused, whichever comes second.

SQLite makes a table anew where one of its columns changes, and refuses that while a trigger names
the table. A migration that changes `survey_membership`, `survey_leadership` or `survey_unit` has
`let_mix` before it and `keep_apart` behind it:

    migrations.RunPython(let_mix, keep_apart), ..., migrations.RunPython(keep_apart, let_mix)
"""

from collections.abc import Iterator

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "roles apart: single answers and figures of units in one account"
# The leadership of a unit that has not ended. A day more than the calendar says, so that on no
# clock of the world a leadership that ends today counts as one to come.
HOLDS = {
    "sqlite": "({row}.until IS NULL OR {row}.until > date('now', '+1 day'))",
    "postgresql": "({row}.until IS NULL OR {row}.until > CURRENT_DATE + 1)",
}
MIXED = """
    EXISTS (
        SELECT 1 FROM survey_membership AS rows
        WHERE rows.user_id = {user} AND rows.role = 'analyst' AND rows.organisation_id = {place}
    ) AND (
        EXISTS (
            SELECT 1 FROM survey_membership AS figures
            WHERE figures.user_id = {user} AND figures.role IN ('manager', 'executive')
            AND figures.organisation_id = {place}
        ) OR EXISTS (
            SELECT 1 FROM survey_leadership AS leads
            JOIN survey_unit AS unit ON unit.id = leads.unit_id
            WHERE leads.user_id = {user} AND unit.organisation_id = {place} AND {holds}
        )
    )
"""
PLACES = {
    "survey_membership": "NEW.organisation_id",
    "survey_leadership": "(SELECT organisation_id FROM survey_unit WHERE id = NEW.unit_id)",
}


def conditions(vendor: str) -> Iterator[tuple[str, str, str]]:
    """Yield table, event and when it is looked at: only where something is given."""
    role = "NEW.role IN ('analyst', 'manager', 'executive')"
    moved = "NEW.role <> OLD.role OR NEW.user_id <> OLD.user_id"
    holds, held = (HOLDS[vendor].format(row=row) for row in ("NEW", "OLD"))
    same = f"OLD.user_id = NEW.user_id AND OLD.unit_id = NEW.unit_id AND {held}"
    yield "survey_membership", "INSERT", role
    yield (
        "survey_membership",
        "UPDATE",
        f"{role} AND ({moved} OR NEW.organisation_id <> OLD.organisation_id)",
    )
    yield "survey_leadership", "INSERT", holds
    yield "survey_leadership", "UPDATE", f"{holds} AND NOT ({same})"


def name_of(table: str, event: str) -> str:
    return f"{table}_apart_{event.lower()}"


def mixed(vendor: str, table: str) -> str:
    holds = HOLDS[vendor].format(row="leads")
    return MIXED.format(user="NEW.user_id", place=PLACES[table], holds=holds)


def keep_apart(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        for table in PLACES:
            # The user's row is locked first: of two grants at once the second sees the first.
            schema_editor.execute(
                f"""
                CREATE FUNCTION {table}_apart() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM 1 FROM survey_user WHERE id = NEW.user_id FOR NO KEY UPDATE;
                    IF {mixed(vendor, table)} THEN
                        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                END $$
                """
            )
    for table, event, when in conditions(vendor):
        action = (
            f"EXECUTE FUNCTION {table}_apart()"
            if vendor == "postgresql"
            else f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}') WHERE {mixed(vendor, table)}; END"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name_of(table, event)} AFTER {event} ON {table} FOR EACH ROW "
            f"WHEN ({when}) {action}"
        )


def let_mix(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    for table, event, _ in conditions(vendor):
        name, of = name_of(table, event), f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{of}")
    if vendor == "postgresql":
        for table in PLACES:
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_apart()")
