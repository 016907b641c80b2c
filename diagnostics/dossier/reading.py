"""What a dossier says of a campaign, as it is at the moment of asking."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from diagnostics.access import ResultRight
from diagnostics.methods.selectors.choices import chosen_method
from diagnostics.wording.definition_titles import shipped_text
from diagnostics.wording.glossary import text_in
from diagnostics.wording.page_parts import Fact
from survey.access import CampaignRight, leaderships_for, readers_of
from survey.campaign_times import told_time
from survey.mail.domains import domains_told
from survey.models import Campaign, User
from survey.selectors.accounts.roles_apart import told_account
from survey.selectors.campaign_states import state_words
from survey.selectors.head_counts.pages import HeadCountPage, head_count_page
from survey.selectors.launch.asked_beside import beside_words
from survey.selectors.ledger.words import rules_words
from survey.selectors.respondents import analyst_names
from survey.selectors.stored_page import StoredPage, stored_page

ENTRIES: Final = 200  # newest ones of the ledger; the file on the page has all


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame of every document asks for."""

    organisation: str
    campaign: str
    created_on: str  # ISO date
    is_demonstration: bool
    paper: str


@dataclass(frozen=True, slots=True)
class DossierReading:
    """A campaign for whoever has to agree to it: works council, data protection, management."""

    setting: Frame
    language: str
    made_at: str
    state: str
    facts: tuple[Fact, ...]
    page: StoredPage
    heads: HeadCountPage
    promised_in: tuple[str, ...]  # languages that respondents can read the promise in
    analysts: list[str]
    readers: tuple[Fact, ...]


def dossier_reading(campaign: Campaign, *, reader: User) -> DossierReading:
    """Return a campaign's dossier in the language in force; it has no answer and no exact size."""
    now = timezone.now()
    return DossierReading(
        setting=Frame(
            organisation=campaign.organisation.name,
            campaign=campaign.name,
            created_on=timezone.localdate(now).isoformat(),
            is_demonstration=campaign.organisation.is_demonstration,
            paper=settings.REPORT_PAPER,
        ),
        language=get_language() or "en",
        made_at=told_time(now, campaign),
        state=state_words(campaign),
        facts=tuple(_facts(campaign)),
        page=stored_page(campaign, reader=reader, entries=ENTRIES),
        heads=head_count_page(campaign, reader=reader),
        promised_in=tuple(campaign.languages),
        analysts=analyst_names(campaign),
        readers=tuple(_readers(campaign)),
    )


def _facts(campaign: Campaign) -> Iterator[Fact]:
    version, method = campaign.instrument, chosen_method(campaign)
    title = text_in(version.content["title"], get_language() or "en")
    yield Fact(
        _("Questionnaire"),
        _("%(title)s, version %(version)d") % {"title": title, "version": version.version},
    )
    yield Fact(_("Fingerprint of the questionnaire"), version.digest)
    names = [get_language_info(code)["name_local"] for code in campaign.languages]
    yield Fact(_("Languages"), ", ".join(names))
    opens = told_time(campaign.opens_at, campaign)
    yield Fact(_("Opens"), opens or _("as soon as it is launched"))
    yield Fact(_("Closes"), told_time(campaign.closes_at, campaign))
    yield Fact(_("Questions about the person"), campaign.background_purpose or _("none are asked"))
    yield Fact(_("Asked beside statements about the unit"), beside_words(campaign))
    yield Fact(_("Patterns"), _titled(method.pattern_set.title, method.pattern_set.version))
    yield Fact(_("Calibration"), _titled(method.calibration.title, method.calibration.version))
    yield Fact(
        _("Answers that are left out"), rules_words(campaign.exclusion_rules) or _("by no rule")
    )
    yield Fact(
        _("Opened only with a passphrase of the works council"),
        _("yes") if campaign.needs_passphrase else _("no"),
    )
    yield Fact(
        _("Mail domains from which people may be invited"),
        domains_told(campaign.organisation.mail_domains),
    )
    yield Fact(_("Software"), f"Rutin {settings.SOFTWARE_VERSION}")


def _titled(title: str, version: int) -> str:
    told = {"title": shipped_text(title), "version": version}
    return _("%(title)s, version %(version)d") % told


def _readers(campaign: Campaign) -> Iterator[Fact]:
    """Who reads results by what, as it would be now; nobody who waits for a second word."""
    yield _people(_("All figures of groups"), readers_of(ResultRight.SEE_EVERY_UNIT, campaign))
    if campaign.gives_rows:
        analysts = readers_of(CampaignRight.READ_ROWS, campaign)
        yield _people(_("Single answers, without unit"), analysts)
    else:
        yield _people(_("Tables of the whole company"), readers_of(ResultRight.ANALYSE, campaign))
    led = leaderships_for(campaign).filter(unit__snapshots__campaign=campaign)
    for one in led.select_related("unit", "user").order_by("unit__name", "-kind", "user__email"):
        yield Fact(f"{one.get_kind_display()}, {one.unit.name}", told_account(one.user))


def _people(label: str, users: Iterable[User]) -> Fact:
    return Fact(label, ", ".join(told_account(user) for user in users) or _("nobody"))
