"""What a manager could do to learn who has answered, tried in two worlds that he cannot tell apart.

Each test acts out one attack where somebody has answered and where not, and compares all that the
manager sees: his pages, the mails that he gets at, and each step of a link.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from survey.mail.outbox import send_due_messages
from survey.models import Ballot, Function, Invitation, Message, Recipient, Who
from survey.sealing import boxes, keys
from survey.services.running.code_sheets import make_code_sheet
from tests.survey.staff_scenes import open_campaign_of, organisation_with_manager, people_csv
from tests.survey.two_worlds import (
    DAY,
    LAUNCH,
    Manager,
    Scene,
    differences,
    lose_mail,
    two_worlds,
)

pytestmark = pytest.mark.django_db
PERSON, OWN = "n1-0@example.com", "maria.private@example.com"


@pytest.fixture
def scene() -> Scene:
    organisation, manager = organisation_with_manager()
    with time_machine.travel(LAUNCH, tick=False):
        campaign = open_campaign_of(organisation, people=people_csv(north=8, workshop=3))
        send_due_messages()
    return Scene(campaign, manager, PERSON)


def everybody() -> list[str]:
    return list(Recipient.objects.order_by("email").values_list("email", flat=True))


def is_reminded(address: str) -> bool:
    """Tell whether a reminder to somebody is there, sent or not."""
    return Message.objects.filter(invitation__recipient__email=address, round__gt=0).exists()


def test_the_manager_who_corrects_an_address_to_his_own(scene: Scene) -> None:
    def attack(he: Manager) -> None:
        wrong = {"email": OWN, "name": "Person 0"}
        he.act(lambda: he.do("person-detail", wrong, to=PERSON))
        he.wait(DAY)
        assert not Recipient.objects.filter(email=OWN).exists()

    assert differences(two_worlds(scene, attack, mailboxes={OWN})) == []


def test_the_manager_who_corrects_an_address_whose_mail_came_back(scene: Scene) -> None:
    def attack(he: Manager) -> None:
        lose_mail(scene)
        he.act(lambda: he.do("person-detail", {"email": OWN, "name": ""}, to=PERSON))
        he.wait(2 * DAY + timedelta(hours=1))
        he.act(lambda: he.do("campaign-remind"))
        he.act(he.follow_link)
        he.wait(2 * DAY)
        he.act(lambda: he.do("campaign-remind"))
        he.wait(20 * DAY)

    assert differences(two_worlds(scene, attack, mailboxes={OWN})) == []


def test_the_manager_who_asks_for_a_new_link_and_reads_the_mailbox(scene: Scene) -> None:
    def attack(he: Manager) -> None:
        he.act(lambda: he.do("person-replace-link", to=PERSON))
        he.act(he.follow_link)
        he.act(lambda: he.do("person-replace-link", to=PERSON))
        he.wait(3 * DAY)
        he.act(lambda: he.do("campaign-remind"), he.follow_link)

    assert differences(two_worlds(scene, attack, mailboxes={PERSON})) == []


def test_the_manager_who_asks_for_a_new_link_after_a_late_reminder(scene: Scene) -> None:
    """A reminder that went out hours after its round must not hold up the next one."""

    reminded: list[bool] = []

    def attack(he: Manager) -> None:
        he.wait(2 * DAY)
        mailboxes, he.mailboxes = he.mailboxes, set()  # the person's own until the link changes
        he.act(lambda: he.client.post(he.place("campaign-remind")))
        reminded.append(is_reminded(PERSON))
        he.now += timedelta(hours=5)
        he.act(he.work)
        he.mailboxes = mailboxes
        he.act(lambda: he.do("person-replace-link", to=PERSON))
        Invitation.objects.get(recipient__email=PERSON).messages.filter(round=0).update(
            state="failed", sent_at=None
        )  # his own server refuses the first mail and takes the reminder
        he.wait(2 * DAY - timedelta(hours=5))
        he.act(lambda: he.do("campaign-remind"))

    assert differences(two_worlds(scene, attack, mailboxes={PERSON})) == []
    assert reminded == [False, True]


def test_the_manager_who_adds_nine_silent_people(scene: Scene) -> None:
    unit = scene.campaign.units.get(code="N2")

    def fake(number: int) -> dict[str, str]:
        email = f"fake{number}@example.com"
        return {"email": email, "unit": str(unit.pk), "function": "sales"}

    alone = Scene(scene.campaign, scene.manager, "n2-2@example.com")  # the only one in sales there

    def attack(he: Manager) -> None:
        he.act(lambda: he.do_all(("person-add", fake(number), "") for number in range(9)))
        he.wait(DAY)
        he.wait(DAY)

    assert differences(two_worlds(alone, attack)) == []


def test_the_manager_who_revokes_all_others_and_closes(scene: Scene) -> None:
    others = [address for address in everybody() if address != PERSON]

    def attack(he: Manager) -> None:
        he.act(lambda: he.do_all(("person-revoke-link", {}, address) for address in others))
        he.wait(DAY)
        he.act(lambda: he.do("campaign-close"))
        he.wait(timedelta(minutes=1))
        he.wait(timedelta(minutes=8))

    assert differences(two_worlds(scene, attack)) == []


@pytest.fixture
def team() -> Scene:
    """Return eight people of one function in one unit."""
    organisation, manager = organisation_with_manager()
    with time_machine.travel(LAUNCH, tick=False):
        campaign = open_campaign_of(organisation, people=people_csv(north=12, workshop=3))
        send_due_messages()
    return Scene(campaign, manager, PERSON)


def colleagues(*, but: int) -> list[str]:
    """Return the people of the person's unit and function, but for some of them."""
    found = Recipient.objects.filter(invitation__unit__code="N1", invitation__function="operations")
    return list(found.exclude(email=PERSON).order_by("email").values_list("email", flat=True))[but:]


def test_the_manager_who_revokes_down_to_the_edge_of_a_band(team: Scene) -> None:
    """Of eight three are revoked, and four others answer: "5-9" would be the fifth's answer."""
    revoked = colleagues(but=4)

    def attack(he: Manager) -> None:
        he.act(lambda: he.do_all(("person-revoke-link", {}, address) for address in revoked))
        he.act(lambda: he.hear_of_answers(colleagues(but=0)[:4]))
        he.wait(DAY)
        he.wait(DAY)

    assert len(revoked) == 3
    assert differences(two_worlds(team, attack)) == []


def test_the_manager_who_is_of_the_group_himself(scene: Scene) -> None:
    """Of six he is one, and silent; four have told him that they have answered."""

    def attack(he: Manager) -> None:
        he.act(lambda: he.hear_of_answers(colleagues(but=1)))
        he.wait(DAY)
        he.wait(DAY)

    assert len(colleagues(but=0)) == 5
    assert differences(two_worlds(scene, attack)) == []


def test_the_manager_who_answers_by_four_links_of_his_own(team: Scene) -> None:
    """He corrects four addresses to his own, answers for them, and waits for the fifth answer."""
    his = colleagues(but=3)

    def attack(he: Manager) -> None:
        he.act(*(lambda a=address: he.take_over(a) for address in his))
        he.act(lambda: he.hear_of_answers(sorted(he.mailboxes)))
        he.wait(DAY)
        he.act(lambda: he.do("campaign-close"))

    assert len(his) == 4
    assert differences(two_worlds(team, attack)) == []


def test_the_manager_who_corrects_an_address_while_a_reminder_waits(scene: Scene) -> None:
    """The reminder of the old link, which goes only to the silent, must not reach his mailbox."""

    reminded: list[bool] = []

    def attack(he: Manager) -> None:
        he.wait(2 * DAY + timedelta(hours=1))
        lose_mail(scene)
        he.act(lambda: he.client.post(he.place("campaign-remind")))
        reminded.append(is_reminded(PERSON))
        he.act(lambda: he.post_alone("person-detail", {"email": OWN, "name": ""}, to=PERSON))
        he.act(send_due_messages, he.read_mails, he.work)
        he.wait(DAY)

    assert differences(two_worlds(scene, attack, mailboxes={OWN})) == []
    assert reminded == [False, True]


def test_the_manager_who_revokes_everybody_and_closes(scene: Scene) -> None:
    def attack(he: Manager) -> None:
        he.act(lambda: he.do_all(("person-revoke-link", {}, address) for address in everybody()))
        he.act(lambda: he.do("campaign-close"))
        he.wait(timedelta(minutes=9))
        assert ("opening queued", "False") in he.seen
        assert ("opening queued", "True") not in he.seen

    assert differences(two_worlds(scene, attack)) == []


def test_the_manager_who_moves_somebody(scene: Scene) -> None:
    unit = scene.campaign.units.get(code="N2")
    place = {"unit": str(unit.pk), "function": "sales"}

    def attack(he: Manager) -> None:
        he.act(lambda: he.do("person-move", place, to=PERSON))
        he.wait(DAY)
        he.act(he.follow_link)
        he.wait(DAY)
        back = {"unit": str(scene.campaign.units.get(code="N1").pk), "function": "operations"}
        he.act(lambda: he.do("person-move", back, to=PERSON), he.follow_link)
        he.wait(DAY)

    assert differences(two_worlds(scene, attack, mailboxes={PERSON})) == []


def test_whoever_answers_by_a_newer_link_is_thanked_and_the_first_answer_counts(
    scene: Scene,
) -> None:
    kept: list[tuple[int, int]] = []

    def attack(he: Manager) -> None:
        he.act(lambda: he.do("person-replace-link", to=PERSON))
        before = Ballot.objects.count()
        he.act(he.follow_link)
        kept.append((before, Ballot.objects.count()))

    two_worlds(scene, attack, mailboxes={PERSON})

    assert kept == [(1, 1), (0, 1)]


def test_the_manager_who_keeps_a_copy_of_a_code_on_paper(scene: Scene) -> None:
    with time_machine.travel(LAUNCH, tick=False):
        unit = scene.campaign.units.get(code="N2")
        sheet = make_code_sheet(unit=unit, function=Function.SALES, count=1, by=Who.COMMAND)
    drawn = replace(scene, code=sheet.codes[0].token)

    def attack(he: Manager) -> None:
        he.act(he.follow_code)
        he.wait(DAY)
        he.act(he.follow_code)

    assert differences(two_worlds(drawn, attack)) == []


def test_what_was_begun_by_a_code_is_seen_in_its_own_browser_only(scene: Scene) -> None:
    with time_machine.travel(LAUNCH + timedelta(hours=1), tick=False):
        unit = scene.campaign.units.get(code="N2")
        token = (
            make_code_sheet(unit=unit, function=Function.SALES, count=1, by=Who.COMMAND)
            .codes[0]
            .token
        )
        drawn, copied, without = Client(), Client(), Client()
        for reader in (drawn, copied):
            reader.get(f"/s/{token}")
        drawn.post("/answer/save/", {"TF1": "6"})
        without.cookies["rutin-link"] = token  # nothing else: a cookie that was made by hand
        begun = [reader.get("/answer/").content.decode() for reader in (drawn, copied, without)]
        drawn.get(f"/s/{token}")  # scanned again
        again = drawn.get("/answer/").content.decode()

    assert ["You have answered 1 of" in page for page in (*begun, again)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_of_two_answers_by_one_code_the_first_counts(scene: Scene) -> None:
    with time_machine.travel(LAUNCH + timedelta(hours=1), tick=False):
        unit = scene.campaign.units.get(code="N2")
        token = (
            make_code_sheet(unit=unit, function=Function.SALES, count=1, by=Who.COMMAND)
            .codes[0]
            .token
        )
        for points in ("6", "1"):
            reader = Client()
            reader.get(f"/s/{token}")
            reader.post("/answer/submit/", {"TF1": points})
            assert "first one counts" in reader.get("/answer/thanks/").content.decode()
            reader.post("/answer/submit/", {"TF1": "2"})  # the same browser once more

    box = Ballot.objects.get().box
    opened = boxes.open_box(keys.load_private_key(scene.campaign.pk), box)
    assert opened["answers"]["TF1"] == 6
