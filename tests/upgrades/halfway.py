"""An organisation in the middle of its work, as a version leaves it when it is stopped."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import time_machine
from django.apps import apps
from django.utils import timezone

from diagnostics.methods.services.definitions import load_defaults
from diagnostics.models import Analysis
from diagnostics.results.services.assessments import assess_campaign
from survey.instrument.answers import Answers
from survey.instrument.content import Instrument, parse_instrument
from survey.mail.outbox import send_due_messages
from survey.models import (
    Campaign,
    Function,
    Invitation,
    Leadership,
    Membership,
    Organisation,
    Recipient,
    Role,
    User,
    Who,
)
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.selectors.accounts.second_word_pages import second_word_pages
from survey.selectors.respondents import read_draft
from survey.services.ballots import save_draft, submit
from survey.services.campaigns import close_campaign, launch_campaign
from survey.services.opening.opening import open_campaign
from survey.services.organisations.leaderships import appoint
from survey.services.running.asked_changes import (
    agree_to_change,
    cancel_or_ask,
    correct_or_ask,
    refuse_change,
)
from survey.services.running.code_sheets import make_code_sheet
from survey.services.running.links import revoke_link
from survey.services.schedule import run_due_work
from survey.services.setup.head_counts import enter_head_counts
from tests.survey.small_campaign import opened_ballots
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

MADE_AT: Final = datetime(2026, 11, 30, 9, tzinfo=UTC)
FIRST, OPEN, DRAFT = "First wave", "Second wave", "Third wave"
ANSWERED: Final = 10  # of the open campaign, before the version was stopped
LEFT: Final = 9  # whose answers the next version takes
SEED: Final = 15
ROLES: Final = {"ann": Role.ANALYST, "emma": Role.EXECUTIVE, "ada": Role.ADMINISTRATOR}


def people() -> str:
    """Return the file of people: a team of operations, one of both functions."""
    lines = ["email,name,unit,function"]
    for unit, count in (("N1", 14), ("N2", 10)):
        for number in range(count):
            function = "sales" if unit == "N2" and number % 2 else "operations"
            lines.append(f"{unit.lower()}-{number}@example.com,Person {number},{unit},{function}")
    return "\n".join(lines) + "\n"


def answers_of(instrument: Instrument, number: int) -> Answers:
    """Return the answers of the person of a number, always the same."""
    random = np.random.default_rng([SEED, number])
    return Answers({item.code: int(random.integers(2, 8)) for _, item in instrument.items()})


def tokens_of(campaign: Campaign) -> list[str]:
    """Return the tokens of everybody who is invited by mail, in the order of their addresses."""
    invited = Invitation.objects.filter(campaign=campaign, recipient__isnull=False)
    return [
        derive_token(load_token_key(campaign.pk), one.pk)
        for one in invited.order_by("recipient__email")
    ]


def rows_by_table() -> dict[str, int]:
    """Return how many rows each table of the product has."""
    models = [*apps.get_app_config("survey").get_models(),
              *apps.get_app_config("diagnostics").get_models()]  # fmt: skip
    return {model._meta.label: model._default_manager.count() for model in models}


def make() -> dict[str, Any]:
    """Bring an empty database to the middle of everything; return what a later version must find.

    One campaign is released and scored, with an analysis; one is open, partly answered; one is a
    draft whose head counts wait. A reader, an address and the end of a campaign wait for a second
    word.
    """

    with time_machine.travel(MADE_AT, tick=True):
        load_defaults()
        organisation, manager = organisation_with_manager()
        User.objects.filter(pk=manager.pk).update(first_signed_in_at=MADE_AT - timedelta(days=300))
        for name, role in ROLES.items():
            user = User.objects.create_user(f"{name}@example.com", "x" * 16, name=name.title())
            Membership.objects.create(organisation=organisation, user=user, role=role)
        first = _released(organisation)
        running = _running(organisation, manager)
        _draft(organisation, manager)
        return {
            "rows": rows_by_table(),
            "first": str(first.pk),
            "open": str(running.pk),
            "release": first.release.digest,
        }


def _released(organisation: Organisation) -> Campaign:

    campaign = open_campaign_of(organisation, people=people())
    Campaign.objects.filter(pk=campaign.pk).update(name=FIRST)
    send_due_messages()
    instrument = parse_instrument(campaign.instrument.content)
    for number, token in enumerate(tokens_of(campaign)):
        submit(token=token, answers=answers_of(instrument, number))
    close_campaign(campaign=campaign, by=Who.COMMAND, without_grace=True)
    open_campaign(campaign_id=campaign.pk)
    campaign.refresh_from_db()
    assess_campaign(campaign=campaign)
    Analysis.objects.create(
        organisation=organisation, number=1, title="Halfway", campaign=campaign, recipe={},
        software_version="0.2.0", created_at=MADE_AT,
    )  # fmt: skip
    return campaign


def _running(organisation: Organisation, manager: User) -> Campaign:

    draft = draft_campaign(organisation, people=people(), name=OPEN)
    campaign = launch_campaign(campaign=draft, by=manager)
    send_due_messages()
    instrument, tokens = parse_instrument(campaign.instrument.content), tokens_of(campaign)
    for number in range(ANSWERED):
        submit(token=tokens[number], answers=answers_of(instrument, number))
    save_draft(token=tokens[ANSWERED], answers=answers_of(instrument, ANSWERED))
    make_code_sheet(
        unit=campaign.units.get(code="N2"), function=Function.SALES, count=2, by=manager
    )
    last = Recipient.objects.select_related("campaign").get(
        campaign=campaign, email="n2-9@example.com"
    )
    revoke_link(recipient=last, by=manager)
    delivered = Recipient.objects.select_related("campaign").get(
        campaign=campaign, email="n2-8@example.com"
    )
    correct_or_ask(recipient=delivered, email="new@example.com", name="", by=manager)
    cancel_or_ask(campaign=campaign, by=manager)
    unit = campaign.units.get(code="N2").unit
    if unit is None:
        raise AssertionError("Unit: expected the organisation's own, found none.")
    appoint(unit=unit, email="later@example.com", kind=Leadership.Kind.LEADER, by=manager)
    return campaign


def _draft(organisation: Organisation, manager: User) -> Campaign:

    draft = draft_campaign(organisation, people=people(), name=DRAFT, is_confirmed=False)
    enter_head_counts(campaign=draft, counts={("N2", Function.SALES): 3}, by=manager)
    return draft


def go_on(known: Mapping[str, Any]) -> dict[str, Any]:
    """Go on where a version was stopped, as today's does; return what came of it."""

    with time_machine.travel(MADE_AT + timedelta(days=1), tick=True):
        run_due_work(timezone.now())  # the worker's first tick, which proves the keys
        campaign = Campaign.objects.get(pk=known["open"])
        council = User.objects.get(email__startswith="council-")
        waiting = sum(page.for_reader for page in second_word_pages(council))
        address = campaign.asked_changes.get(kind="address")
        agree_to_change(asked=address, by=council)
        refuse_change(asked=campaign.asked_changes.get(kind="cancellation"), by=council)
        tokens = tokens_of(campaign)
        instrument = parse_instrument(campaign.instrument.content)
        begun = len(read_draft(tokens[ANSWERED]).items)
        for number in range(ANSWERED, ANSWERED + LEFT):
            submit(token=tokens[number], answers=answers_of(instrument, number))
        close_campaign(campaign=campaign, by=Who.COMMAND, without_grace=True)
        open_campaign(campaign_id=campaign.pk)
        campaign.refresh_from_db()
        assessment = assess_campaign(campaign=campaign)
        first = Campaign.objects.get(pk=known["first"])
        return {
            "waiting": waiting,
            "begun": begun,
            "ballots": opened_ballots(campaign),
            "release": first.release.digest,
            "scored": assessment.units.count(),
        }
