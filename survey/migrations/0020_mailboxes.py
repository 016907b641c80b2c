"""One mailbox once in a campaign, and the mail domains from which an organisation invites."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROWS = 500


def fill_mailboxes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Note each recipient's mailbox; of several that share one, the first by address has it.

    The others stay without: a campaign under way goes on with them, a draft is told at its launch.
    """
    recipients = apps.get_model("survey", "Recipient").objects
    seen: set[tuple[object, str]] = set()
    filled: list[Any] = []
    for row in recipients.only("campaign_id", "email").order_by("campaign_id", "email"):
        mailbox = (row.campaign_id, _folded(row.email))
        if mailbox not in seen:
            seen.add(mailbox)
            row.mailbox = mailbox[1]
            filled.append(row)
    recipients.bulk_update(filled, ["mailbox"], batch_size=ROWS)


def _folded(address: str) -> str:
    name, _, domain = address.rpartition("@")
    name = name.partition("+")[0] or name
    if domain in {"gmail.com", "googlemail.com"}:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"


class Migration(migrations.Migration):
    """Add both, fill the mailboxes, and hold them apart from then on."""

    dependencies = [("survey", "0019_roles_apart")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="mail_domains",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="recipient",
            name="mailbox",
            field=models.CharField(blank=True, default="", editable=False, max_length=254),
            preserve_default=False,
        ),
        migrations.RunPython(fill_mailboxes, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="recipient",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mailbox", ""), _negated=True),
                fields=("campaign", "mailbox"),
                name="one_recipient_per_mailbox",
            ),
        ),
    ]
