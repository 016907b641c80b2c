"""That a change was refused is kept for whoever asked, without the address, and not for long."""

import pytest
from django.db import IntegrityError, transaction

from survey.models import (
    Campaign,
    PendingWipe,
    Recipient,
    RefusedChange,
    User,
    Who,
)
from survey.services.campaigns import close_campaign
from survey.services.running.asked_changes import correct_or_ask, refuse_change
from survey.services.running.cancelling import cancel_campaign
from survey.services.running.links import correct_address
from tests.survey.second_words import (
    NEW,
    OLD,
    asked_to_cancel,
    asked_to_correct,
    delivered_campaign,
    person,
)
from tests.survey.staff_scenes import (
    organisation_with_manager,
    second_person_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def campaign(manager: User) -> Campaign:
    return delivered_campaign(manager)


@pytest.fixture
def council(campaign: Campaign) -> User:
    return second_person_of(campaign.organisation)


def kinds() -> list[str]:
    return sorted(RefusedChange.objects.values_list("kind", flat=True))


def test_it_says_who_asked_and_who_refused_and_no_address(
    campaign: Campaign, manager: User, council: User
) -> None:
    asked = asked_to_correct(manager)
    refuse_change(asked=asked, by=council)

    kept = RefusedChange.objects.values().get()
    assert kept == {
        "id": kept["id"], "campaign_id": campaign.pk, "kind": "address",
        "recipient_id": person().pk, "asked_by_id": manager.pk, "asked_on": asked.day,
        "refused_by_id": council.pk, "day": asked.day,
    }  # fmt: skip


def test_whoever_asks_again_hears_of_the_last_refusal_only(
    campaign: Campaign, manager: User, council: User
) -> None:
    found = []
    for _ in range(2):
        asked = [asked_to_cancel(campaign, manager), asked_to_correct(manager)]
        found.append(kinds())
        for one in asked:
            refuse_change(asked=one, by=council)
        found.append(kinds())

    assert found == [[], ["address", "cancellation"]] * 2


def test_a_wish_leaves_what_was_refused_of_somebody_else(
    campaign: Campaign, manager: User, council: User
) -> None:
    refuse_change(asked=asked_to_correct(manager), by=council)
    other = person("n1-1@example.com")

    asked = correct_or_ask(recipient=other, email="o@example.com", name="", by=manager)
    asked_to_cancel(campaign, manager)

    assert asked is not None
    assert kinds() == ["address"]


def test_a_refusal_goes_with_the_close_the_cancelling_and_another_address(
    campaign: Campaign, manager: User, council: User
) -> None:
    def refuse_both() -> None:
        refuse_change(asked=asked_to_cancel(campaign, manager), by=council)
        refuse_change(asked=asked_to_correct(manager), by=council)

    refuse_both()
    PendingWipe.objects.all().delete()
    correct_address(recipient=person(), email=NEW, name="", by=manager, agreed_by=council)
    after_correcting = kinds()
    Recipient.objects.filter(email=NEW).update(email=OLD)
    refuse_change(asked=asked_to_correct(manager), by=council)
    close_campaign(campaign=campaign, by=Who.WORKER)
    after_the_close = kinds()
    Campaign.objects.filter(pk=campaign.pk).update(state="open")
    campaign.refresh_from_db()
    cancel_campaign(campaign=campaign, by=manager, agreed_by=council)

    assert (after_correcting, after_the_close, kinds()) == (["cancellation"], ["cancellation"], [])
    assert PendingWipe.objects.filter(table=RefusedChange._meta.db_table).exists()


def test_the_database_takes_no_refused_address_without_its_person_and_one_cancelling(
    campaign: Campaign, manager: User, council: User
) -> None:
    refuse_change(asked=asked_to_cancel(campaign, manager), by=council)
    day = RefusedChange.objects.get().day
    wrong = (
        {"kind": "address"},
        {"kind": "cancellation", "recipient": person()},
        {"kind": "cancellation"},
    )
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            RefusedChange.objects.create(
                campaign=campaign, asked_by=manager, asked_on=day, refused_by=council, day=day,
                **fields,
            )  # fmt: skip

    assert kinds() == ["cancellation"]
