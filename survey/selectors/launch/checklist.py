"""What must hold before a campaign may be launched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.campaign_times import is_too_far
from survey.errors import SealError
from survey.import_files.units import code_key
from survey.instrument.answers import longest_answers
from survey.instrument.codes import code_problems
from survey.instrument.content import FUNCTIONS, parse_instrument
from survey.languages import is_offered
from survey.mail.addresses import AddressError, address_as_sent
from survey.mail.domains import domains_told
from survey.mail.shown_addresses import shown_address
from survey.models import Campaign, CampaignKey
from survey.policy import CANARY_INTERVAL, RELEASE_FLOOR, SENSITIVE_FLOOR
from survey.sealing.padding import PLAINTEXT_SIZE, pad
from survey.selectors.accounts.roles_apart import readers_of_rows, told_account
from survey.selectors.head_counts.confirmation import (
    confirmation_of,
    confirmation_words,
    floors_at_launch,
)
from survey.selectors.launch.answer_use import other_use_problem, use_words
from survey.selectors.launch.asked_beside import beside_words
from survey.selectors.mail_domains import doubled_addresses, refused_domains
from survey.selectors.units.trees import walk_tree
from survey.selectors.units.unit_plans import planned_rows, units_at_launch

STEP_OF: Final = {
    "people": "people",
    "addresses": "people",
    "tree": "people",
    "languages": "questionnaire",
    "dates": "dates",
    "use": "privacy",
    "thresholds": "privacy",
    "heads": "launch",
    "legal": "privacy",
    "sender": "mails",
    "trial": "mails",
    "passphrase": "privacy",
    "canary": "launch",
}
MOST_PROBLEMS: Final = 5  # of a questionnaire's codes, or of addresses, told at once


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the checklist; the detail says what was found."""

    code: str
    label: str
    passed: bool
    detail: str

    @property
    def step(self) -> str:
        """The step of the set-up in which it is put right."""
        return STEP_OF[self.code]

    @property
    def route(self) -> str:
        """The address of that step; empty where waiting is all there is to do."""
        if self.code == "heads":
            return "survey:head-count-enter"
        return "" if self.step == "launch" else route_of(self.step)


def route_of(step: str) -> str:
    """Return the name of the address of a step of the set-up."""
    return "survey:campaign-detail" if step == "launch" else f"survey:setup-{step}"


def launch_checklist(campaign: Campaign, *, now: datetime, by: object = None) -> tuple[Check, ...]:
    """Return every point, in the order in which a manager would put things right.

    by: the account that launches, if one does; what it confirmed itself counts for nothing.
    """
    return tuple(_checks(campaign, now, by))


def _checks(campaign: Campaign, now: datetime, by: object) -> Iterator[Check]:
    confirmation = confirmation_of(campaign, by=by, on=timezone.localdate(now))
    is_alone = confirmation.is_alone and not campaign.is_rehearsal
    floors = floors_at_launch(campaign, is_alone=is_alone)
    yield _people(campaign, confirmation.counts.without_mail, floors[0])
    yield _addresses(campaign)
    yield _tree(campaign, now)
    yield _dates(campaign, now)
    yield _use(campaign, now)
    yield _thresholds(*floors)
    yield _languages(campaign)
    yield _legal(campaign)
    yield _sender()
    yield _trial(campaign)
    if campaign.needs_passphrase and not campaign.is_rehearsal:
        yield _passphrase(campaign)
    if not campaign.is_rehearsal:
        detail = confirmation_words(confirmation)
        yield Check("heads", _("Head counts"), confirmation.allows_launch, detail)
    yield _canary(campaign, now)


def _people(campaign: Campaign, without_mail: int, floor: int) -> Check:
    count = campaign.recipients.count()
    found = ngettext("%(count)d person is invited.", "%(count)d people are invited.", count)
    detail = found % {"count": count}
    if without_mail:
        found = ngettext("%(count)d has no e-mail.", "%(count)d have no e-mail.", without_mail)
        detail += " " + found % {"count": without_mail}
    needed = 1 if campaign.is_rehearsal else floor
    passed = count + without_mail >= needed
    if not passed:
        detail += " " + _("At least %(floor)d are needed.") % {"floor": needed}
    return Check("people", _("People"), passed, detail)


def _addresses(campaign: Campaign) -> Check:
    allowed = _("Allowed mail domains: %(domains)s.") % {
        "domains": domains_told(campaign.organisation.mail_domains)
    }
    if refused := refused_domains(campaign):
        detail = _(
            "People at other mail domains than those allowed: %(domains)s. Import others, or have "
            "an administrator change the list."
        ) % {"domains": domains_told(refused[:MOST_PROBLEMS])}
    elif doubles := doubled_addresses(campaign):
        detail = _(
            "Addresses that reach a mailbox which is invited already: %(addresses)s. Import the "
            "people once more, each mailbox once."
        ) % {"addresses": ", ".join(map(shown_address, doubles[:MOST_PROBLEMS]))}
    else:
        return Check("addresses", _("Addresses"), passed=True, detail=allowed)
    return Check("addresses", _("Addresses"), passed=False, detail=f"{detail} {allowed}")


def _tree(campaign: Campaign, now: datetime) -> Check:
    units = units_at_launch(campaign, timezone.localdate(now))
    names = {code_key(unit.code): unit.name for unit in units}
    reached = {code_key(unit.code) for unit in walk_tree(units)}
    invited = set(campaign.recipients.values_list("unit_code", flat=True))
    lost = sorted(
        names.get(code_key(code), code) for code in invited if code_key(code) not in reached
    )
    if lost:
        detail = _("No path to the top of the tree: %(units)s.") % {"units": ", ".join(lost)}
    elif analysts := _leading_analysts(campaign):
        detail = _(
            "The file of units makes leaders of analysts, who read single answers and so no "
            "figures of units: %(people)s. Name others, or have the administrator take the role "
            "of analyst away first."
        ) % {"people": ", ".join(analysts)}
        return Check("tree", _("Units"), passed=False, detail=detail)
    else:
        detail = _("%(count)d units; every invited one has its place.") % {"count": len(units)}
    return Check("tree", _("Units"), not lost and bool(units), detail)


def _leading_analysts(campaign: Campaign) -> list[str]:
    """Return who reads answers and is to lead a unit from the launch on; a rehearsal makes none."""
    rows = None if campaign.is_rehearsal else planned_rows(campaign)
    named = {row.leader_email for row in rows or ()}
    found = readers_of_rows(campaign.organisation, named)
    return [told_account(found[address]) for address in sorted(found)]


def _dates(campaign: Campaign, now: datetime) -> Check:
    closes = campaign.closes_at
    opens = max(campaign.opens_at or now, now)
    ordered = closes is not None and closes > opens
    passed = closes is not None and ordered and not is_too_far(closes, now)
    if ordered and not passed:
        detail = _("The closing time must lie within the next two years.")
    elif passed:
        detail = _("Opening and closing time are in order, on the clock of %(zone)s.") % {
            "zone": campaign.time_zone
        }
    else:
        detail = _("The closing time must lie after the opening time and in the future.")
    return Check("dates", _("Dates"), passed, detail)


def _use(campaign: Campaign, now: datetime) -> Check:
    problem = other_use_problem(campaign, now=now)
    return Check("use", _("Use of the answers"), not problem, problem or use_words(campaign))


def _thresholds(floor: int, sensitive: int) -> Check:
    passed = floor >= RELEASE_FLOOR and sensitive >= SENSITIVE_FLOOR
    detail = _(
        "Nothing is shown below %(floor)d answers, nothing sensitive below %(sensitive)d."
    ) % {"floor": floor, "sensitive": sensitive}
    return Check("thresholds", _("Thresholds"), passed, detail)


def _languages(campaign: Campaign) -> Check:
    if problems := list(code_problems(campaign.instrument.content)):
        # Its item codes could not stand beside the product's own words when ballots are opened.
        return Check("languages", _("Questionnaire"), False, " ".join(problems[:MOST_PROBLEMS]))
    if problem := _too_long(campaign):
        return Check("languages", _("Questionnaire"), False, problem)
    offered = parse_instrument(campaign.instrument.content).languages
    missing = sorted(
        code for code in campaign.languages if code not in offered or not is_offered(code)
    )
    if missing or not campaign.languages:
        detail = _("The questionnaire is not complete in: %(languages)s.") % {
            "languages": ", ".join(missing) or "-"
        }
    else:
        detail = f"{campaign.instrument} ({', '.join(campaign.languages)})"
        if drafts := _drafts(campaign):
            message = _("No native speaker has checked: %(languages)s.")
            detail += " " + message % {"languages": ", ".join(drafts)}
        if campaign.instrument.content.get("background") and not campaign.asks_background:
            detail += " " + _("Nobody is asked about the own person, as nothing says what for.")
        beside = _("Asked beside statements about the unit: %(what)s.")
        detail += " " + beside % {"what": beside_words(campaign)}
    return Check("languages", _("Questionnaire"), not missing and bool(campaign.languages), detail)


def _too_long(campaign: Campaign) -> str:
    """Return why a whole answer would not fit into its box; nothing if it does."""
    answers = longest_answers(parse_instrument(campaign.instrument.content))
    function = max(FUNCTIONS, key=len)
    envelope = {"unit": str(campaign.pk), "function": function, "leads": False, "planned": False}
    try:
        pad({**envelope, "answers": answers.items, "background": answers.background})
    except SealError:
        message = _(
            "Expected answers that fit into %(most)d bytes, found too many statements and "
            "questions or too long codes."
        )
        return message % {"most": PLAINTEXT_SIZE}
    return ""


def _drafts(campaign: Campaign) -> list[str]:
    """Return the campaign's languages in which questionnaire or interface are drafts."""
    checked = parse_instrument(campaign.instrument.content).checked - settings.UNCHECKED_LANGUAGES
    return [code for code in campaign.languages if code not in checked]


def _legal(campaign: Campaign) -> Check:
    fields = {
        _("controller"): campaign.controller,
        _("contact"): campaign.contact,
        _("purpose"): campaign.purpose,
    }
    missing = [name for name, value in fields.items() if not value.strip()]
    detail = (
        _("Missing: %(fields)s.") % {"fields": ", ".join(missing)}
        if missing
        else _("Controller, contact and purpose are stated.")
    )
    return Check("legal", _("Legal notice"), not missing, detail)


def _sender() -> Check:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        address_as_sent(address)
        passed = True
    except AddressError:
        # A host without a dot is fine for a trial on one machine, and for nothing else.
        passed = settings.DEBUG and "@" in address
    detail = _("Mails come from %(sender)s and link to %(site)s.") % {
        "sender": address or "-",
        "site": settings.SITE_URL,
    }
    return Check("sender", _("Sender and links"), passed, detail)


def _trial(campaign: Campaign) -> Check:
    # A rehearsal is itself the way to try the mails out.
    passed = campaign.is_rehearsal or campaign.trial_mails.exclude(confirmed_at=None).exists()
    if campaign.is_rehearsal:
        detail = _("A rehearsal needs none.")
    elif passed:
        detail = _("Somebody received a test mail and confirmed it.")
    else:
        detail = _("Nobody has confirmed a test mail with the present words yet.")
    return Check("trial", _("Test mail"), passed, detail)


def _passphrase(campaign: Campaign) -> Check:
    passed = CampaignKey.objects.filter(campaign=campaign).exclude(passphrase_check=b"").exists()
    detail = (
        _("The works council has set its passphrase.")
        if passed
        else _("The works council has not set its passphrase yet, on its page of this campaign.")
    )
    return Check("passphrase", _("Passphrase"), passed, detail)


def _canary(campaign: Campaign, now: datetime) -> Check:
    key = CampaignKey.objects.filter(campaign=campaign).first()
    opened = key.canary_opened_at if key else None
    passed = opened is not None and opened > now - 2 * CANARY_INTERVAL
    if passed and key and (lacking := _lacking_copy(campaign, key)):
        passed, detail = False, lacking
    elif passed:
        detail = _("The background worker holds the key and has opened a test ballot.")
    elif key and key.failing_problem:
        detail = _("The background worker cannot open the test ballot: %(problem)s") % {
            "problem": key.get_failing_problem_display()
        }
    else:
        detail = _("The background worker has not opened the test ballot yet. Is it running?")
    return Check("canary", _("Ballot box"), passed, detail)


def _lacking_copy(campaign: Campaign, key: CampaignKey) -> str:
    """Return why one lost file would lose all answers; a passphrase is the council's own care."""
    needs_none = campaign.is_rehearsal or campaign.needs_passphrase
    if needs_none or not settings.KEY_COPY_IS_REQUIRED:
        return ""
    if not settings.KEY_COPY_DIR:
        return _(
            "There is no second copy of the key. Ask whoever looks after the server to set "
            "KEY_COPY_DIR, or have the works council set a passphrase, which you choose under "
            "“Privacy and legal notice”."
        )
    if key.lacking_folder:
        return _(
            "The folder that the setting %(setting)s names has no whole copy of the key. Ask "
            "whoever looks after the server to make it usable; the background worker then writes "
            "the copy within an hour."
        ) % {"setting": key.lacking_folder}
    return ""
