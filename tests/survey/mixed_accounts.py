"""An account from before single answers and figures of units excluded each other."""

from datetime import date
from typing import Any, cast

from django.db import connection

from survey.migrations._roles_apart import keep_apart, let_mix
from survey.models import Leadership, Membership, Organisation, Role, Unit, User


class _Directly:
    """In place of a schema editor, which SQLite has outside transactions only."""

    connection = connection

    def execute(self, statement: str) -> None:
        """Run a statement."""
        with connection.cursor() as cursor:
            cursor.execute(statement)


def mixed_account(organisation: Organisation, unit: Unit, email: str) -> User:
    """Return an analyst who leads a unit, which the database refuses today."""
    editor = cast(Any, _Directly())
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else its triggers wait for the end of the transaction
    let_mix(None, editor)
    user = User.objects.create_user(email, name="Ann")
    Membership.objects.create(organisation=organisation, user=user, role=Role.ANALYST)
    Leadership.objects.create(unit=unit, user=user, since=date(2024, 1, 1))
    if connection.vendor == "postgresql":
        connection.check_constraints()
    keep_apart(None, editor)
    return user
