"""System checks: what would go wrong quietly is told at every start."""

import stat
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import checks
from django.core.mail.message import sanitize_address
from django.db import DatabaseError

from diagnostics.project.catalogues import outdated_languages
from diagnostics.reports.rendering.errors import RenderError
from diagnostics.reports.rendering.scripts import letters_without_font, missing_scripts
from survey.mail.addresses import AddressError, FaultKind, address_as_sent
from survey.mail.delivery_reports import bounce_sender
from survey.selectors.accounts.roles_apart import mixed_accounts


@checks.register()
def catalogues_are_compiled(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell which languages cannot be offered because nobody compiled their catalogue."""
    outdated = outdated_languages()
    if not outdated:
        return []
    return [
        checks.Warning(
            f"The translations are not compiled: expected those of {', '.join(outdated)} "
            "beside their sources in locale/, found none or older ones.",
            hint="Run `python -m diagnostics.project.catalogues` (make does so by itself).",
            id="rutin.W001",
        )
    ]


@checks.register()
def proxies_are_named(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell that an encrypted site does not know its web server in front."""
    if not settings.SITE_IS_HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        checks.Warning(
            "TRUSTED_PROXIES is empty: expected the web server in front that speaks HTTPS, found "
            "none. Its visitors would be sent to https:// for ever, and be counted as one sender.",
            hint="Set TRUSTED_PROXIES to its address, such as 127.0.0.1, to unix if it speaks "
            "through a socket, or to none if there is none. See docs/web-server.md.",
            id="rutin.W002",
        )
    ]


@checks.register()
def senders_can_be_written(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Refuse a sender that no mail can carry: every mail of everybody would fail."""
    senders = {"DEFAULT_FROM_EMAIL": settings.DEFAULT_FROM_EMAIL}
    if settings.BOUNCE_ADDRESS:
        senders["BOUNCE_ADDRESS"] = bounce_sender(settings.BOUNCE_ADDRESS, UUID(int=0))
    return [
        checks.Error(f"{name} cannot be used as a sender. {fault}", id="rutin.E001")
        for name, sender in senders.items()
        if (fault := _sender_fault(sender))
    ]


def _sender_fault(sender: str) -> str:
    """Return what is wrong; a host without a dot is fine for a trial on one machine."""
    try:
        sanitize_address(sender, "utf-8")
        address_as_sent(parseaddr(sender)[1])
    except AddressError as error:
        return "" if error.fault.kind == FaultKind.SHAPE else str(error)
    except ValueError:
        return f"Expected an address such as Rutin <rutin@example.com>, found {sender!r}."
    return ""


@checks.register()
def key_folders_are_private(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell which folders of keys other accounts of the machine may look into."""
    folders = {"KEY_DIR": settings.KEY_DIR, "KEY_COPY_DIR": settings.KEY_COPY_DIR}
    modes = {name: _mode(Path(folder)) for name, folder in folders.items() if str(folder)}
    return [
        checks.Warning(
            f"{name} is open to others: expected mode 0700 or less, found {mode:04o}.",
            hint=f"chmod 700 {folders[name]}",
            id="rutin.W003",
        )
        for name, mode in modes.items()
        if mode & 0o077
    ]


@checks.register()
def keys_have_a_copy(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell that one lost file would lose the answers of a campaign."""
    if settings.KEY_COPY_DIR or not settings.KEY_COPY_IS_REQUIRED:
        return []
    return [
        checks.Warning(
            "KEY_COPY_DIR is empty: expected a second folder for the keys of campaigns, found "
            "none. Only campaigns under a passphrase of the works council can be launched.",
            hint="Set KEY_COPY_DIR to a folder of mode 0700, best on another disk, and start the "
            "worker again.",
            id="rutin.W007",
        )
    ]


@checks.register(checks.Tags.database)
def roles_are_apart(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell which accounts have roles that exclude each other; such an analyst reads no answers."""
    if not options.get("databases"):
        return []
    try:
        mixed = mixed_accounts()
    except DatabaseError:  # before its first migration, which asks for this too
        return []
    return [
        checks.Warning(
            f"{account.who} is analyst of {account.organisation}, and also {account.holds}: "
            "expected single answers and figures of units in two accounts, found one.",
            hint="Until then this account reads no answers. Take the role away with "
            "manage.py remove_member, or end the other.",
            id="rutin.W006",
        )
        for account in mixed
    ]


def _mode(folder: Path) -> int:
    """Return a folder's mode; 0 where it is not there yet or not for this account to see."""
    try:
        return stat.S_IMODE(folder.stat().st_mode)
    except OSError:
        return 0


@checks.register(deploy=True)
def scripts_have_fonts(**options: Any) -> list[checks.CheckMessage]:  # noqa: ANN401
    """Tell of which scripts reports would draw boxes: a warning of those that any report needs.

    With --deploy only, as it has a page written.
    """
    try:
        letters = letters_without_font()
    except RenderError as error:
        return [checks.Warning(f"No report can be written here: {error}.", id="rutin.W005")]
    kinds = ((True, checks.Warning, "rutin.W004"), (False, checks.Info, "rutin.I001"))
    return [
        kind(
            f"No font has letters for {', '.join(missing.names)}: they are boxes in the reports.",
            hint=f"If names are written so: apt-get install {' '.join(missing.packages)} "
            "(on Debian).",
            id=number,
        )
        for is_needed, kind, number in kinds
        if (missing := missing_scripts(letters, needed=is_needed)).names
    ]
