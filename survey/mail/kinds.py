"""The kinds of mails in the outbox: each app names its own, and says what is in them.

An app's configuration has a table `mail_kinds`: the kind's name, as it stands with a message, and
the dotted name of its MailKind. So the outbox sends what apps above this one have written, without
knowing them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.utils.module_loading import import_string

from survey.mail.sending import MailFailure
from survey.models import Message
from survey.sealing.keys import load_token_key


class TokenKeys:
    """The campaigns' token keys, each read once a run and kept no longer."""

    def __init__(self) -> None:
        self._known: dict[UUID, bytes] = {}

    def of(self, campaign_id: UUID) -> bytes:
        """Return a campaign's token key."""
        if campaign_id not in self._known:
            self._known[campaign_id] = load_token_key(campaign_id)
        return self._known[campaign_id]


def _nothing(_: Message) -> None:
    """Do no more than the outbox does."""


def _nothing_failed(_: Message, __: MailFailure, ___: bool) -> None:
    """Do no more than the outbox does."""


@dataclass(frozen=True, slots=True)
class MailKind:
    """What the outbox asks of a kind of mail.

    compose: makes the mail, at the time of sending; None if nobody needs it any more.
    needless: what the database alone can tell of messages that nobody needs any more.
    sent: what else is noted once the server has accepted the mail.
    failed: what else is noted when it did not go, and whether the outbox has given it up.
    is_kept: whether its messages stay when they are done, for a page to show them.
    """

    compose: Callable[[Message, TokenKeys], EmailMultiAlternatives | None]
    needless: Q | None = None
    sent: Callable[[Message], None] = _nothing
    failed: Callable[[Message, MailFailure, bool], None] = _nothing_failed
    is_kept: bool = False


def mail_kinds() -> Mapping[str, MailKind]:
    """Return every kind of mail by its name."""
    return {
        name: import_string(place)
        for app in apps.get_app_configs()
        for name, place in getattr(app, "mail_kinds", {}).items()
    }
