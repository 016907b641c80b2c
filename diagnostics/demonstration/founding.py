"""Setting the demonstration up through the same services as a real organisation.

Every step looks first whether it was done, so that a run that was stopped goes on where it was,
and a second run changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from diagnostics.demonstration.design import COMPANY, DEMONSTRATION_UNIT, DOMAIN, REGIONS
from diagnostics.demonstration.earlier import earlier_answers
from diagnostics.demonstration.population import Person, Population, generate_population
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.results.services.assessments import assess_released_campaign
from survey.import_files.people import PersonRow
from survey.import_files.units import UnitRow
from survey.instrument.answers import Answers
from survey.instrument.content import Instrument, parse_instrument
from survey.models import (
    Campaign,
    CampaignState,
    Function,
    Invitation,
    Organisation,
    Role,
    TrialMail,
    User,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token, survey_link
from survey.selectors.campaigns import questionnaire_of
from survey.selectors.head_counts.counts import planned_counts
from survey.services.ballots import submit
from survey.services.campaigns import close_campaign, create_campaign, launch_campaign
from survey.services.opening.opening import open_campaign
from survey.services.organisations.founding import add_member
from survey.services.organisations.mail_domains import set_mail_domains
from survey.services.organisations.trees import import_people, import_units
from survey.services.setup.head_counts import confirm_head_counts
from survey.services.setup.instruments import load_default_instrument

PASSWORD: Final = "northlight-by-night"  # noqa: S105 - invented people, on this machine only
FIRST_WAVE: Final = "Digital service routines, first wave"
EARLIER_WAVE: Final = "Digital service routines, pilot"
EARLIER: Final = timedelta(days=180)  # before the first wave; within the retention of its answers
SECOND_WAVE: Final = "Digital service routines, Region North"
SECOND_REGION: Final = "N"
SECOND_ANSWERS: Final = 15
ROLES: Final = {
    "manager": (Role.MANAGER,),
    "executive": (Role.EXECUTIVE,),
    "administrator": (Role.ADMINISTRATOR,),
    "analyst": (Role.ANALYST,),
    "council": (Role.COUNCIL,),
}
Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """An account to sign in with."""

    email: str
    password: str
    role: str


@dataclass(frozen=True, slots=True)
class DemonstrationGuide:
    """What to try: accounts, a survey link that is still open, the campaign with results."""

    accounts: tuple[DemonstrationAccount, ...]
    link: str
    released: Campaign


def seed_demonstration(
    *, seed: int, progress: Progress, with_earlier: bool = True, is_research: bool = False
) -> DemonstrationGuide:
    """Set up what is missing of the demonstration organisation.

    with_earlier: also the wave of half a year before, with which pages compare. is_research: the
    first wave, then the only one, gives the analyst single answers and tells nothing of units.
    """
    load_defaults()
    instrument = parse_instrument(load_default_instrument().content)
    population = generate_population(seed, instrument)
    now = timezone.now()
    organisation = _found(population, now)
    has_others = with_earlier and not is_research
    earlier = [_prepare_earlier_wave(organisation, population, seed, now)] if has_others else []
    first = _prepare_first_wave(organisation, population, now, progress, gives_rows=is_research)
    waves = [*earlier, first]
    for number, campaign in enumerate(waves):
        progress("Opening the ballots", number, len(waves))
        if campaign.state == CampaignState.CLOSED:
            open_campaign(campaign_id=campaign.pk, now=now)
    progress("Opening the ballots", len(waves), len(waves))
    # The newest first: its reports are those that somebody waits for.
    for number, campaign in enumerate(reversed(waves)):
        progress("Scoring", number, len(waves))
        assess_released_campaign(campaign_id=campaign.pk)
    progress("Scoring", len(waves), len(waves))
    first.refresh_from_db()
    if is_research:
        return DemonstrationGuide(_accounts(), "", first)
    second = _prepare_second_wave(organisation, population, now)
    return DemonstrationGuide(_accounts(), open_link(campaign=second), first)


def open_link(*, campaign: Campaign) -> str:
    """Return a survey link of an open campaign that nobody has used yet, nothing if all are."""
    unused = Invitation.objects.filter(campaign=campaign, done=False, revoked=False, leads=False)
    invitation = unused.order_by("recipient__email").first()
    if campaign.state != CampaignState.OPEN or invitation is None:
        return ""
    return survey_link(derive_token(load_token_key(campaign.pk), invitation.pk))


@transaction.atomic
def _found(population: Population, now: datetime) -> Organisation:
    organisation, is_new = Organisation.objects.get_or_create(name=COMPANY, is_demonstration=True)
    if not is_new:
        return organisation
    rows = _unit_rows(population)
    since = timezone.localdate(now - EARLIER - timedelta(days=60))
    import_units(organisation=organisation, rows=rows, on=since, by=Who.COMMAND)
    for name, roles in ROLES.items():
        add_member(
            organisation=organisation,
            email=f"{name}@{DOMAIN}",
            name=f"{name.capitalize()} (demonstration)",
            roles=roles,
            by=Who.COMMAND,
        )
    set_mail_domains(organisation=organisation, domains=[DOMAIN], by=Who.COMMAND)
    for account in _accounts():
        user = User.objects.get(email=account.email)
        user.set_password(account.password)
        user.save(update_fields=["password"])
    return organisation


def _unit_rows(population: Population) -> list[UnitRow]:
    leaders = {person.unit: person for person in population.people if person.leads}
    return [
        UnitRow("HQ", COMPANY),
        *(UnitRow(region.code, region.name, "HQ") for region in REGIONS),
        *(
            UnitRow(
                unit.code,
                unit.name,
                unit.region,
                leaders[unit.code].email,
                leaders[unit.code].name,
            )
            for unit in population.units
        ),
    ]


@transaction.atomic
def _prepare_earlier_wave(
    organisation: Organisation, population: Population, seed: int, now: datetime
) -> Campaign:
    known = organisation.campaigns.filter(name=EARLIER_WAVE).first()
    if known is not None:
        return known
    closed = now - EARLIER
    campaign = _launch(
        organisation,
        population.people,
        name=EARLIER_WAVE,
        opened=closed - timedelta(days=21),
        closes=closed,
    )
    instrument = questionnaire_of(campaign)
    answers = earlier_answers(population, instrument, seed=seed)
    _submit_all(campaign, answers, closed - timedelta(days=10), lambda *_: None)
    return close_campaign(campaign=campaign, by=Who.COMMAND, now=closed, without_grace=True)


@transaction.atomic
def _prepare_first_wave(
    organisation: Organisation,
    population: Population,
    now: datetime,
    progress: Progress,
    *,
    gives_rows: bool,
) -> Campaign:
    """Run the first campaign up to its close, all of it or nothing."""
    known = organisation.campaigns.filter(name=FIRST_WAVE).first()
    if known is not None:
        return known
    closed = now - timedelta(days=9)
    campaign = _launch(
        organisation,
        population.people,
        name=FIRST_WAVE,
        opened=now - timedelta(days=30),
        closes=closed,
        gives_rows=gives_rows,
    )
    answered = [person for person in population.people if person.row is not None]
    answers = _answers_of(campaign, population, answered)
    _submit_all(campaign, answers, now - timedelta(days=20), progress)
    return close_campaign(campaign=campaign, by=Who.COMMAND, now=closed, without_grace=True)


@transaction.atomic
def _prepare_second_wave(
    organisation: Organisation, population: Population, now: datetime
) -> Campaign:
    known = organisation.campaigns.filter(name=SECOND_WAVE).first()
    if known is not None:
        return known
    regions = {unit.code: unit.region for unit in population.units}
    people = [person for person in population.people if regions[person.unit] == SECOND_REGION]
    campaign = _launch(
        organisation,
        people,
        name=SECOND_WAVE,
        opened=now - timedelta(minutes=1),
        closes=now + timedelta(days=21),
        asks_beside=False,  # what a visitor answers is what campaigns ask unless they choose more
    )
    answered = [person for person in people if person.row is not None][:SECOND_ANSWERS]
    answers = _answers_of(campaign, population, answered)
    _submit_all(campaign, answers, now, lambda *_: None)
    return campaign


def _launch(
    organisation: Organisation,
    people: Iterable[Person],
    *,
    name: str,
    opened: datetime,
    closes: datetime,
    gives_rows: bool = False,
    asks_beside: bool = True,
) -> Campaign:
    """Launch a wave; asks_beside: with check of attention and markers, for its scale study."""
    campaign = create_campaign(
        organisation=organisation,
        name=name,
        closes_at=closes,
        opens_at=opened,
        controller=f"{COMPANY} (invented for this demonstration)",
        contact=f"privacy@{DOMAIN}",
        purpose="To show what Rutin does, with invented people and answers.",
        background_purpose=(
            "To see whether people of all kinds of work and of every length of service answered."
        ),
        asks_attention_check=asks_beside,
        asks_markers=asks_beside,
        gives_rows=gives_rows,
        now=opened,
    )
    rows = [
        PersonRow(person.email, person.name, person.unit, Function(person.function))
        for person in people
    ]
    import_people(campaign=campaign, rows=rows)
    # Nobody is there to press the link of a test mail.
    TrialMail.objects.create(
        campaign=campaign,
        email=campaign.contact,
        language="en",
        requested_at=opened,
        confirmed_at=opened,
    )
    council = _second_person(before=opened)
    counts = planned_counts(campaign, timezone.localdate(opened))
    confirm_head_counts(campaign=campaign, digest=counts.digest, by=council, now=opened)
    return launch_campaign(campaign=campaign, by=Who.COMMAND, now=opened)


def _second_person(*, before: datetime) -> User:
    """Return the works council, who is there before each campaign though nobody signs in."""
    council = User.objects.filter(email=f"council@{DOMAIN}")
    late = council.filter(Q(first_signed_in_at=None) | Q(first_signed_in_at__gte=before))
    late.update(first_signed_in_at=before - timedelta(days=1))
    return council.get()


def _submit_all(
    campaign: Campaign, answers: Mapping[str, Answers], moment: datetime, progress: Progress
) -> None:
    """Submit everybody's answers, by address."""
    token_key = load_token_key(campaign.pk)
    invitations = dict(campaign.invitations.values_list("recipient__email", "pk"))
    for number, (email, given) in enumerate(answers.items(), start=1):
        token = derive_token(token_key, invitations[email])
        submit(token=token, answers=given, now=moment)
        progress("Sealing answers", number, len(answers))


def _answers_of(
    campaign: Campaign, population: Population, people: Iterable[Person]
) -> dict[str, Answers]:
    instrument = questionnaire_of(campaign)
    return {person.email: _answers(population, person, instrument) for person in people}


def _answers(population: Population, person: Person, instrument: Instrument) -> Answers:
    if person.row is None:
        return Answers()
    row = population.answers.iloc[person.row]
    codes = [item.code for _, item in instrument.items()]
    # A missing answer is NaN, the only number that does not equal itself.
    items = {code: int(row[code]) if row[code] == row[code] else None for code in codes}
    return Answers(items, population.backgrounds[person.row])


def _accounts() -> tuple[DemonstrationAccount, ...]:
    roles = {
        "manager": "campaign manager: runs campaigns, sees who is invited and no results",
        "executive": "HR or executive: sees every result",
        "leader": f"leads unit {DEMONSTRATION_UNIT}: sees it, the region and the company",
        "analyst": "analyst: sees the company, and analyses its answers",
        "council": "works council: gives second words, checks what is stored, reads the ledger",
        "administrator": "administrator: looks after mail, keys and roles, reads the ledger",
    }
    return tuple(
        DemonstrationAccount(f"{name}@{DOMAIN}", PASSWORD, role) for name, role in roles.items()
    )
