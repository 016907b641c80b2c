"""Organisations, files and campaigns that the tests of the staff side share."""

import io
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from PIL import Image

from survey.models import Campaign, Membership, Organisation, Role, User, Who
from survey.selectors.head_counts.counts import planned_counts
from survey.services.campaigns import create_campaign, launch_campaign
from survey.services.organisations.trees import import_people, import_units
from survey.services.setup.head_counts import confirm_head_counts
from survey.services.setup.imports import read_people, read_units
from survey.services.setup.trial_mails import confirm_trial_mail, request_trial_mail

UNITS = (
    "code,name,parent,leader_email,leader_name\n"
    "C,Acme Service,,,\n"
    "N,Region North,C,nora@example.com,Nora North\n"
    "N1,Field team Ålesund,N,lars@example.com,Lars Lead\n"
    "N2,Workshop,N,,\n"
)
PASSWORD = "a long enough password"


def people_csv(*, north: int = 6, workshop: int = 3) -> str:
    """Return a file of people in two units, some of each function."""
    lines = ["email,name,unit,function"]
    for unit, count in (("N1", north), ("N2", workshop)):
        for number in range(count):
            function = "sales" if number % 3 == 2 else "operations"
            lines.append(f"{unit.lower()}-{number}@example.com,Person {number},{unit},{function}")
    return "\n".join(lines) + "\n"


def picture(size: tuple[int, int] = (900, 300), kind: str = "PNG") -> bytes:
    """Return a picture that packs badly, with a comment in its file."""
    target = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(target, kind, comment=b"made at home")
    return target.getvalue()


def organisation_with_manager(
    name: str = "Acme", email: str = "maria@example.com"
) -> tuple[Organisation, User]:
    """Return an organisation and the user who runs its campaigns."""
    organisation = Organisation.objects.create(name=name)
    manager = User.objects.create_user(email, PASSWORD, name="Maria Manager")
    Membership.objects.create(organisation=organisation, user=manager, role=Role.MANAGER)
    return organisation, manager


def second_person_of(organisation: Organisation) -> User:
    """Return an account of the works council that had signed in long before any draft."""
    address = f"council-{organisation.pk}@example.com"
    known = User.objects.filter(email=address).first()
    if known is not None:
        return known
    council = User.objects.create_user(
        address, PASSWORD, name="Cora Council", first_signed_in_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    Membership.objects.create(organisation=organisation, user=council, role=Role.COUNCIL)
    return council


def confirm_counts(campaign: Campaign) -> None:
    """Let the second person confirm a draft's head counts as they are now."""
    by = second_person_of(campaign.organisation)
    counts = planned_counts(campaign, timezone.localdate())
    confirm_head_counts(campaign=campaign, digest=counts.digest, by=by)


def draft_campaign(
    organisation: Organisation,
    *,
    people: str | None = None,
    units: str = UNITS,
    name: str = "Spring survey",
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    is_confirmed: bool = True,
) -> Campaign:
    """Return a complete draft that only waits for its launch."""
    import_units(organisation=organisation, rows=read_units(units.encode()).rows, by=Who.WORKER)
    campaign = create_campaign(
        organisation=organisation,
        name=name,
        opens_at=opens_at,
        closes_at=closes_at or timezone.now() + timedelta(days=14),
        time_zone="Europe/Helsinki",
        controller="Acme Ltd",
        contact="privacy@example.com",
        purpose="To improve service work.",
        background_purpose="To see whether all kinds of people answer.",
        asks_attention_check=True,
        asks_markers=True,
    )
    people = people_csv() if people is None else people
    import_people(campaign=campaign, rows=read_people(people.encode()).rows)
    trial = request_trial_mail(campaign=campaign, email="maria@example.com", language="en")
    confirm_trial_mail(trial=trial)
    if is_confirmed:
        confirm_counts(campaign)
    return campaign


def open_campaign_of(organisation: Organisation, *, people: str | None = None) -> Campaign:
    """Return a launched campaign with its invitations waiting in the outbox."""
    return launch_campaign(campaign=draft_campaign(organisation, people=people), by=Who.WORKER)
