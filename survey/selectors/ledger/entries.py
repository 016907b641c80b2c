"""The entries of a campaign and of an organisation, for pages and as rows of a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from survey.access import CampaignRight, organisations_where
from survey.mail.domains import domains_told
from survey.models import Action, Campaign, Concern, LedgerEntry, Organisation, User
from survey.selectors.ledger.words import (
    concern_words,
    detail_words,
    function_words,
    unit_words,
    who_words,
)
from survey.selectors.mail_domains import looked_after_organisations

Clocks = Mapping[UUID | None, ZoneInfo]  # of campaigns that are there
ENTRIES_SHOWN: Final = 50  # entries on a page; the file has all
# What is under what says whose figures a leader reads, too: of any campaign's launch.
TREE: Final = (
    Action.UNITS_ADDED, Action.UNITS_MOVED, Action.UNITS_RENAMED, Action.UNITS_ENDED,
)  # fmt: skip
HEADINGS: Final = (
    "day", "time", "who", "account", "action", "what", "concerns", "campaign", "unit_code", "unit",
    "function", "detail",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One entry in words."""

    entry: LedgerEntry
    at: datetime | None  # by the clock of the campaign
    time: str  # the same as pages tell it; empty where none is kept
    who: str
    function: str
    detail: str


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """The newest entries, and whether there are more."""

    rows: tuple[LedgerRow, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class OrganisationLedger:
    """What was done in an organisation outside its campaigns, and about who may read."""

    organisation: Organisation
    page: LedgerPage
    mail_domains: str  # from which people may be invited
    may_choose_domains: bool


def campaign_ledger(campaign: Campaign, *, most: int = ENTRIES_SHOWN) -> LedgerPage:
    """Return the newest entries of one campaign."""
    return _page(campaign.ledger.all(), _clock(campaign), most)


def organisation_ledgers(user: User) -> tuple[OrganisationLedger, ...]:
    """Return the ledger of every organisation whose ledger the user may read.

    It has what no page of a campaign tells: entries of none, or of a draft that was deleted, and
    all about who may read, with what is under what in the tree.
    """
    looked_after = set(looked_after_organisations(user))
    return tuple(
        OrganisationLedger(
            organisation,
            _page(_outside_campaigns(organisation), _clocks(organisation)),
            domains_told(organisation.mail_domains),
            organisation in looked_after,
        )
        for organisation in organisations_where(user, CampaignRight.READ_LEDGER)
    )


def campaign_rows(campaign: Campaign) -> Iterator[tuple[str, ...]]:
    """Yield every entry of a campaign as a row of a file; of a changed tree one for each unit."""
    return _lines(_rows(campaign.ledger.all(), _clock(campaign)))


def organisation_rows(organisation: Organisation) -> Iterator[tuple[str, ...]]:
    """Yield every entry of an organisation, those of its campaigns among them."""
    return _lines(_rows(organisation.ledger.all(), _clocks(organisation)))


def _outside_campaigns(organisation: Organisation) -> QuerySet[LedgerEntry]:
    readers = [one.value for one in Action if one.concern is Concern.READERS or one in TREE]
    there = Campaign.objects.filter(organisation=organisation)
    is_of_none = Q(campaign=None) | ~Q(campaign__in=there.values("pk"))
    return organisation.ledger.filter(is_of_none | Q(action__in=readers))


def _page(entries: QuerySet[LedgerEntry], clocks: Clocks, most: int = ENTRIES_SHOWN) -> LedgerPage:
    found = tuple(_rows(entries, clocks, most=most + 1))
    return LedgerPage(found[:most], len(found) > most)


def _rows(
    entries: QuerySet[LedgerEntry], clocks: Clocks, most: int | None = None
) -> Iterator[LedgerRow]:
    """Yield entries in words, the newest first; those without a time end their day.

    Among themselves they stand by what they say, so that the order tells no time either.
    """
    by_words = ("action", "unit_code", "function")
    newest = entries.order_by("-day", F("at").desc(nulls_last=True), *by_words, "-id")[:most]
    for entry in newest:
        zone = clocks.get(entry.campaign_id) or ZoneInfo(timezone.get_current_timezone_name())
        at = entry.at and timezone.localtime(entry.at, zone)
        yield LedgerRow(
            entry,
            at,
            f"{at:%H:%M}" if at else "",
            who_words(entry),
            function_words(entry.function),
            detail_words(entry, zone),
        )


def _clock(campaign: Campaign) -> Clocks:
    return {campaign.pk: ZoneInfo(campaign.time_zone)}


def _clocks(organisation: Organisation) -> Clocks:
    named = organisation.campaigns.values_list("pk", "time_zone")
    return {key: ZoneInfo(name) for key, name in named}


def _lines(rows: Iterable[LedgerRow]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        if units := row.entry.detail.get("tree"):
            for unit in units:
                yield _cells(row, unit["code"], unit["name"], unit_words(unit))
        else:
            yield _cells(row, row.entry.unit_code, row.entry.unit_name, row.detail)


def _cells(row: LedgerRow, code: str, unit: str, detail: str) -> tuple[str, ...]:
    entry = row.entry
    return (
        entry.day.isoformat(),
        f"{row.at:%H:%M:%S%z}" if row.at else "",
        row.who,
        str(entry.account or ""),
        entry.action,
        str(entry),
        concern_words(entry.action),
        entry.campaign_name,
        code,
        unit,
        row.function,
        detail,
    )
