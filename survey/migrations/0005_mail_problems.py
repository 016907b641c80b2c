"""Why a set-password mail did not go; and every address in the one form in which it is sent."""

from collections.abc import Iterable
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def encode_domains(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Encode domains of other letters, as address_as_sent() does from now on.

    What cannot be encoded, or changes by it, stays as it is and is told when a mail goes there.
    """
    users, recipients = apps.get_model("survey", "User"), apps.get_model("survey", "Recipient")
    _encode(users, lambda row: users.objects.all())
    _encode(recipients, lambda row: recipients.objects.filter(campaign_id=row.campaign_id))


def _encode(model: Any, neighbours: Any) -> None:  # noqa: ANN401 - historical models have no types
    for row in _of_other_letters(model.objects.iterator()):
        address = _as_sent(row.email)
        # Two spellings of one mailbox in one list: which of them is right only people know.
        if address and not neighbours(row).filter(email=address).exists():
            model.objects.filter(pk=row.pk).update(email=address)


def _of_other_letters(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if not row.email.isascii()]


def _as_sent(email: str) -> str:
    """Return an address with its domain encoded, nothing if that is not the same domain."""
    name, _, domain = email.rpartition("@")
    try:
        encoded = domain.encode("idna").decode("ascii")
        is_same = encoded.encode("ascii").decode("idna") == domain
    except UnicodeError:
        return ""
    return f"{name}@{encoded}" if name.isascii() and is_same else ""


class Migration(migrations.Migration):
    """Add the account's mail problem; encode what is stored."""

    dependencies = [
        ("survey", "0004_opening_alarms"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mail_problem",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.RunPython(encode_domains, migrations.RunPython.noop),
    ]
