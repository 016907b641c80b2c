"""The path of a campaign through the running product, step by step, as people walk it."""

import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import close_old_connections, connection
from django.utils import timezone

from diagnostics.models import Analysis, Assessment, Report
from survey.instrument.answers import Answers
from survey.instrument.content import Instrument, parse_instrument
from survey.models import Campaign, CampaignState, CampaignUnit, Invitation, Message
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services import ballots
from tests.faults.company import (
    ANALYST,
    EXECUTIVE,
    LEADER,
    LED_UNIT,
    MANAGER,
    PASSWORD,
    Company,
    found_company,
    sheet_of,
    try_out,
)
from tests.faults.databases import Database
from tests.faults.installation import Installation
from tests.faults.ledger import Count, Ledger
from tests.faults.mail_server import MailServer
from tests.faults.state import going_work, left_waiting
from tests.faults.visitors import Page, Respondent, Staff, UnansweredError, form_of

INVITED: Final = "asks for your view"  # in the subject of every invitation
SET_PASSWORD: Final = "set your password"
ALL_DUE: Final = timedelta(days=3)  # nothing of a scenario is put off for longer
NOTES: Final = "notes.txt"
SECONDS: Final = 75.0  # longest wait for a step
TOKEN: Final = re.compile(r"/s/([a-z2-7]{32})")


class StuckError(Exception):
    """A step did not come to its end."""


@dataclass
class Story:
    """One scenario's company and everything around it."""

    installation: Installation
    database: Database
    mail: MailServer
    folder: Path
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    notes: list[str] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)  # that a scenario adds
    clean_up: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.begun = time.monotonic()
        self._company: Company | None = None
        self._staff: dict[str, Staff] = {}

    def note(self, what: str) -> None:
        """Say what was done."""
        line = f"{time.monotonic() - self.begun:6.1f} s  {what}"
        self.notes.append(line)
        with (self.folder / NOTES).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    # The steps, in their order.

    def found(self, members: int | None = None) -> None:
        """Make the company and its draft."""
        self._company = found_company(**({"members": members} if members else {}))
        self.note(f"a company of 12 units, {len(self._company.people)} people")

    def start(self) -> None:
        """Start web server and workers."""
        self.installation.start()
        self.note(f"web server and {self.installation.workers} workers")

    def launch(self) -> None:
        """Let the manager launch, and wait until the worker has."""
        self.until("the draft's keys are proven", self.has_keys)
        try_out(self.company.campaign)
        self._press_launch()

        def is_open() -> bool:
            # Three workers lost in one launch end it: a draft again, which its manager launches.
            if self._is_refused():
                self.note("the launch was given up, and is asked for again")
                self._press_launch()
            return self.state() == CampaignState.OPEN

        self.until("the campaign is open", is_open)
        self.note("the campaign is open")

    def _press_launch(self) -> None:
        self.staff(MANAGER).insist(f"/campaigns/{self.campaign_id}/launch/")

    def _is_refused(self) -> bool:
        drafts = Campaign.objects.filter(pk=self.campaign_id, state=CampaignState.DRAFT)
        return drafts.exclude(launch_problem="").exists()

    def mails_arrive(self, seconds: float = SECONDS) -> None:
        """Wait until no mail waits any more."""
        self.until("every mail has left", lambda: not waiting_mails(), seconds)
        self.note(f"{len(self.mail.delivered)} mails over {self.mail.connections} connections")

    def submit_by_browser(
        self, addresses: Sequence[str], *, at_once: int = 3, patience: float = SECONDS
    ) -> None:
        """Let people open their links and hand their answers in."""

        def come(address: str) -> None:
            sheet = self.sheet(address)
            self.ledger.may_have_answered[address] = sheet
            person = Respondent(self.installation.port, token=self.token_of(address))
            if person.answer(sheet, patience):
                self.ledger.answers[address] = sheet
                del self.ledger.may_have_answered[address]

        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(come, addresses))
        self.note(f"{len(self.ledger.answers)} people were thanked")

    def submit_the_rest(self) -> None:
        """Hand in everybody else's answers by the service that the page calls."""
        for address in self.people:
            if address not in self.ledger.answers and address not in self.ledger.may_have_answered:
                sheet = self.sheet(address)
                ballots.submit(token=self._token(address), answers=Answers(sheet))
                self.ledger.answers[address] = sheet

    def close(self) -> None:
        """Let the manager close the campaign."""
        self.staff(MANAGER).insist(f"/campaigns/{self.campaign_id}/close/")
        self.note("the campaign is closed")

    def released(self, seconds: float = SECONDS) -> None:
        """Wait until the ballots are opened."""
        self.until("results are released", lambda: self.state() == CampaignState.RELEASED, seconds)
        self.note("results are released")

    def assessed(self, seconds: float = SECONDS) -> None:
        """Wait until the release is scored."""
        self.until("the release is scored", Assessment.objects.exists, seconds)
        self.note("the release is scored")

    def reports_made(self, seconds: float = SECONDS) -> None:
        """Wait until no report is waited for any more."""
        self.until("reports are noted", Report.objects.exists, seconds)
        self.until("no report waits", lambda: not going_work(Report), seconds)
        done = Report.objects.filter(state=Report.State.DONE).count()
        self.note(f"{done} of {Report.objects.count()} reports are written")

    def to_the_release(self) -> None:
        """Come to a release, without faults on the way."""
        self.launch()
        self.mails_arrive()
        self.submit_the_rest()
        self.close()
        self.released()

    def download(self, kinds: Iterable[str] = ("reports", "figures")) -> None:
        """Let whoever may have them ask for the files that are made on request."""
        for kind in kinds:
            self.staff(EXECUTIVE).insist(f"/results/{self.campaign_id}/downloads/{kind}/make/")

    def analyse(self) -> UUID:
        """Let the analyst run an analysis on the campaign's answers."""
        address = f"/workbench/campaigns/{self.campaign_id}/"
        analyst = self.staff(ANALYST)
        self.until("the form of an analysis", lambda: analyst.get(address).status == 200)
        fields = form_of(analyst.get(address))
        analyst.insist(address, {**fields, "title": "Faults"})
        return UUID(str(Analysis.objects.latest("created_at").pk))

    def ask_for_analysis_files(self, analysis: UUID) -> None:
        """Let the analyst ask for the appendix and the ZIP of an analysis."""
        for kind in ("appendix", "bundle"):
            self.staff(ANALYST).insist(f"/workbench/{analysis}/files/{kind}/make/")

    def note_action(self, text: str) -> None:
        """Let the leader note an action; who gets no answer looks before trying again."""
        unit = CampaignUnit.objects.get(campaign=self.campaign_id, code=LED_UNIT).pk
        page = f"/results/{self.campaign_id}/units/{unit}/"
        leader = self.staff(LEADER)

        def try_it() -> bool:
            shown = leader.get(page)
            if shown.status == 200 and text in shown.text:
                return True
            fields = form_of(leader.get(f"{page}actions/new/"))
            fields |= {"text": text, "owner": "Lena", "due_on": "2030-05-01"}
            return leader.post(f"{page}actions/new/", fields).status == 302

        self.persist(f"the action {text!r} is noted", try_it)
        self.ledger.texts[f"action {text}"] = text

    def word_mails(self, text: str) -> None:
        """Let the manager write an introduction for the invitations."""
        address, manager = f"/campaigns/{self.campaign_id}/mails/", self.staff(MANAGER)

        def try_it() -> bool:
            fields = form_of(manager.get(address)) | {"introduction_en": text}
            return manager.post(address, fields).status == 302

        self.persist("the introduction is saved", try_it)
        self.ledger.texts["introduction"] = text

    # What else a scenario needs.

    @property
    def campaign_id(self) -> UUID:
        """The campaign."""
        return UUID(str(self.company.campaign.pk))

    @property
    def company(self) -> Company:
        """The company."""
        assert self._company is not None, "no company was founded"
        return self._company

    @property
    def people(self) -> list[str]:
        """The addresses of everybody who is invited."""
        return list(self.company.people)

    def instrument(self) -> Instrument:
        """Return the questionnaire."""
        return parse_instrument(self.company.campaign.instrument.content)

    def sheet(self, address: str) -> dict[str, int]:
        """Return what somebody answers."""
        return sheet_of(address, self.company.people[address], self.instrument(), self.seed)

    def state(self) -> str:
        """Return the campaign's state."""
        return str(Campaign.objects.get(pk=self.campaign_id).state)

    def has_keys(self) -> bool:
        """Tell whether the worker has proven the draft's keys."""
        return Campaign.objects.filter(
            pk=self.campaign_id, key__canary_opened_at__isnull=False
        ).exists()

    def staff(self, address: str) -> Staff:
        """Return somebody's browser, signed in."""
        if address not in self._staff:
            self._staff[address] = Staff(self.installation.port)
            self._staff[address].sign_in(address, PASSWORD)
        return self._staff[address]

    def manager_page(self) -> Page:
        """Return the campaign's page as its manager sees it."""
        return self.staff(MANAGER).get(f"/campaigns/{self.campaign_id}/")

    def token_of(self, address: str) -> str:
        """Return the token in the newest invitation that came to an address."""
        mails = [mail for mail in self.mail.to(address) if INVITED in mail.subject]
        found = TOKEN.search(mails[-1].text) if mails else None
        return found.group(1) if found else "a" * 32

    def _token(self, address: str) -> str:
        invitation = Invitation.objects.get(recipient__email=address, campaign=self.campaign_id)
        return derive_token(load_token_key(self.campaign_id), invitation.pk)

    def persist(self, what: str, try_it: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Do something in a browser until it succeeds."""

        def attempt() -> bool:
            try:
                return try_it()
            except UnansweredError:
                return False

        self.until(what, attempt, seconds)

    def until(self, what: str, condition: Callable[[], Any], seconds: float = SECONDS) -> None:
        """Wait until something holds, or raise StuckError."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                self.note(f"STUCK: expected that {what} within {seconds:g} s")
                raise StuckError(what)
            time.sleep(0.2)

    def settle(self, seconds: float = SECONDS) -> None:
        """Wait until nothing waits or runs any more, or time is up; what is left is counted."""
        deadline = time.monotonic() + seconds
        quiet = 0
        while quiet < 3 and time.monotonic() < deadline:
            quiet = 0 if left_waiting() else quiet + 1
            time.sleep(0.3)
        self.note("nothing waits any more" if quiet else "something still waits")

    @contextmanager
    def meanwhile(self, act: Callable[[threading.Event], None]) -> Iterator[None]:
        """Do something beside the body, until the body has ended."""
        over = threading.Event()

        def run() -> None:
            try:
                act(over)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            close_old_connections()


def waiting_mails() -> int:
    """Return how many mails wait in the outbox and are due, or will be once more."""
    return Message.objects.filter(state="waiting", due_at__lte=timezone.now() + ALL_DUE).count()
