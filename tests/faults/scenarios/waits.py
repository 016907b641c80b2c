"""People save while long work goes on, and somebody reads for long what is to be wiped."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import psycopg
from django.db import connection

from diagnostics.models import Action
from diagnostics.results.services.actions import MOST_ACTIONS
from survey.errors import StateError
from survey.models import Campaign, CampaignUnit, Invitation, User, Who, WipeDelay
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services.running.launching import launch_campaign, prepare_keys
from survey.services.setup.imports import NamedFile
from survey.services.setup.uploads import checked_upload, confirm_upload, keep_upload
from tests.faults.company import (
    ANALYST,
    HOST,
    LEADER,
    LED_UNIT,
    MANAGER,
    confirm_again,
    draft_of,
    people_file,
    sheet_of,
    try_out,
)
from tests.faults.ledger import Group, count
from tests.faults.story import Story
from tests.faults.visitors import REDIRECTS, Page, Respondent, UnansweredError, form_of

READING: Final = 10.0  # seconds at least of somebody who reads as a backup does
LONGEST: Final = 90.0  # seconds of it: a busy machine is later to note that it waits
CHANGES: Final = 12  # of actions, at least, while the ZIP is made
NINE: Final = {f"n1-{number}@{HOST}": "N1" for number in range(9)}
OTHERS: Final = {f"other-{number}@{HOST}": LED_UNIT for number in range(6)}


def leader_during_bundle(story: Story) -> None:
    """Note actions and change them over and over, each form handed in twice, while a ZIP is made.

    Each change has the reports written anew, and with them the ZIP that is under way.
    """
    story.found()
    story.start()
    story.to_the_release()
    story.assessed()
    story.reports_made()
    answers: list[Page] = []

    def save(over: threading.Event) -> None:
        for number in range(MOST_ACTIONS):
            answers.append(_note_an_action(story, f"Do this, number {number}"))
        while not over.wait(0.1):
            answers.append(_change_an_action(story, len(answers)))

    with story.meanwhile(save):
        for _ in range(3):
            story.download(["reports"])
            time.sleep(2.0)
        story.until("actions were changed often", lambda: len(answers) >= CHANGES, 20)
    story.settle()
    story.download(["reports"])
    story.note(f"{len(answers)} forms were handed in twice while the ZIP was made")
    refused = [f"{one.status} {one.address}" for one in answers if one.status not in REDIRECTS]
    story.counts.append(count(Group.WAITING, "forms of actions that were not taken", refused))


def _note_an_action(story: Story, text: str) -> Page:
    changes = {"text": text, "owner": "Lena", "due_on": "2030-05-01"}
    answer = _hand_in_twice(story, "actions/new/", changes)
    if answer.status in REDIRECTS:
        story.ledger.texts[f"action {text}"] = text
    return answer


def _change_an_action(story: Story, turn: int) -> Page:
    actions = Action.objects.filter(unit__campaign=story.campaign_id).order_by("pk")
    action = actions[turn % actions.count()]
    return _hand_in_twice(story, f"actions/{action.pk}/", {"owner": f"Lena {turn}"})


def _hand_in_twice(story: Story, place: str, changes: dict[str, str]) -> Page:
    """Hand a form in twice; return the worse answer."""
    unit = CampaignUnit.objects.get(campaign=story.campaign_id, code=LED_UNIT)
    address = f"/results/{story.campaign_id}/units/{unit.pk}/{place}"
    leader = story.staff(LEADER)
    try:
        fields = {**form_of(leader.get(address)), **changes}
        return max((leader.post(address, fields) for _ in range(2)), key=lambda one: one.status)
    except UnansweredError as error:
        return Page(address, 599, str(error).encode())


def launch_during_imports(story: Story) -> None:
    """Let two people import the same nine again and again while the campaign is launched."""
    story.found()
    _import_nine(story, MANAGER)
    confirm_again(Campaign.objects.get(pk=story.campaign_id))
    story._company = replace(story.company, people=NINE)
    story.start()
    story.until("the draft's keys are proven", story.has_keys)
    troubles, imports = list[str](), list[str]()

    def import_on(who: str) -> None:
        try:
            while True:
                _import_nine(story, who)
                imports.append(who)
        except StateError:
            return  # it is launched
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
            troubles.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        going = [threads.submit(import_on, who) for who in (MANAGER, ANALYST)]
        story.until("both have imported", lambda: len(set(imports)) == 2, 20)
        story.launch()
        for one in going:
            one.result()
    story.note(f"{len(imports)} imports before the launch had the draft")
    story.counts.append(count(Group.WAITING, "imports that ended in an error", troubles))
    story.mails_arrive()


def _import_nine(story: Story, who: str) -> None:
    campaign = Campaign.objects.get(pk=story.campaign_id)
    people = NamedFile("people.csv", people_file(NINE).encode())
    upload = checked_upload(
        user=User.objects.get(email=who), campaign=campaign, units=None, people=people,
        uses_present_tree=True,
    )  # fmt: skip
    confirm_upload(upload=keep_upload(upload=upload))


def reader_during_wipe(story: Story) -> None:
    """Read ballots for ten seconds or more, as a backup does, while others are to be wiped."""
    story.found()
    story.start()
    story.launch()
    story.mails_arrive()
    other = _open_another(story)
    story.submit_the_rest()
    with _reading(story) as is_over:
        story.close()
        story.released()
        late = [who for who in OTHERS if not _answers(story, other, who)]
        story.note(f"{len(OTHERS) - len(late)} people answered the other campaign meanwhile")
        story.until("the wipe is noted to wait", WipeDelay.objects.exists, LONGEST)
        told = story.staff(MANAGER).get(f"/campaigns/{story.campaign_id}/stored/").text
        problem = WipeDelay.objects.get().problem
        story.note(f"the wipe waits: {problem}")
        untold = [] if problem.split(":")[0] in told else [problem]
        early = ["the reader had ended"] if is_over.is_set() else []
    story.until("the key is destroyed", lambda: _has_no_key(story), 30)
    left = [str(one) for one in WipeDelay.objects.all()]
    story.counts += [
        count(Group.LOST, "people kept from answering by the wipe", late),
        count(Group.WAITING, "wipes that wait without a word on their page", untold),
        count(Group.WAITING, "wipes noted to wait although they came", left),
        count(Group.TRIED, "readers that had ended too soon", early),
    ]


@contextmanager
def _reading(story: Story) -> Iterator[threading.Event]:
    """Hold a snapshot and a lock on the ballots during the body, and for some seconds at least."""
    over, begun, seen = threading.Event(), threading.Event(), threading.Event()

    def read() -> None:
        with psycopg.connect(story.database.address) as reader:
            reader.execute("set transaction isolation level repeatable read")
            reader.execute("select count(*) from survey_ballot")
            begun.set()
            time.sleep(READING)
            seen.wait(LONGEST)
        over.set()

    thread = threading.Thread(target=read)
    thread.start()
    begun.wait(READING)
    story.note("somebody reads the ballots")
    try:
        yield over
    finally:
        seen.set()
        thread.join()
        story.note("nobody reads the ballots any more")


def _open_another(story: Story) -> Campaign:
    """Launch another campaign of the same company, whose people answer meanwhile."""
    other = draft_of(story.company.organisation, OTHERS)
    prepare_keys(campaign_id=other.pk)
    try_out(other)
    launch_campaign(campaign=other, by=Who.WORKER)
    story.note("another campaign is open")
    return other


def _answers(story: Story, campaign: Campaign, who: str) -> bool:
    """Let somebody answer another campaign; tell whether that went while the reader reads."""
    invitation = Invitation.objects.get(campaign=campaign, recipient__email=who)
    token = derive_token(load_token_key(campaign.pk), invitation.pk)
    sheet = sheet_of(who, LED_UNIT, story.instrument(), story.seed)
    return Respondent(story.installation.port, token=token).answer(sheet, READING / 2)


def _has_no_key(story: Story) -> bool:
    return Campaign.objects.filter(pk=story.campaign_id, key__destroyed_at__isnull=False).exists()
