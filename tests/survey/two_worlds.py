"""Two worlds that differ in one thing, whether somebody has answered, seen by a manager in each.

A proof acts out what a manager does and compares all that he could see, page by page and byte by
byte. Whatever is made by chance is left out of the comparison, and nothing else.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final
from unittest.mock import patch
from uuid import NAMESPACE_OID, UUID, uuid5

import time_machine
from django.core import mail
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from survey.instrument.answers import Answers
from survey.mail.outbox import send_due_messages
from survey.models import Ballot, Campaign, Draft, Invitation, Message, Recipient, User
from survey.sealing.keys import load_token_key
from survey.sealing.tokens import derive_token
from survey.services.ballots import submit
from survey.services.schedule import run_due_work

LAUNCH: Final = datetime(2026, 3, 2, 8, tzinfo=timezone.get_fixed_timezone(0))
DAY: Final = timedelta(days=1)
OPENING: Final = "survey.tasks.open_ballots"  # is looked for and not carried out
CAMPAIGN_PAGES: Final = (
    "campaign-detail", "campaign-stored", "campaign-extend", "campaign-cancel", "campaign-close",
    "code-list", "person-list", "person-add", "people-export-csv", "campaign-units-csv",
)  # fmt: skip
BY_CHANCE: Final = (
    (re.compile(r'name="(csrfmiddlewaretoken|form_key|shown|seed)" value="[^"]*"'), r'name="\1"'),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "some number"),
)
# What makes the numbers of invitations, and by them the tokens and the order of the questions.
NUMBERS: Final = (
    "survey.services.running.links.uuid4",
    "survey.services.running.invitations.uuid4",
)
BROWSERS: Final = "survey.views.respondent.access.token_hex"  # what only the own browser knows
Seen = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A campaign whose invitations were sent, its manager, and whom he is curious about."""

    campaign: Campaign
    manager: User
    address: str
    code: str = ""  # the token of a code on paper that the person drew, of whom there is no address


@dataclass(slots=True)
class Manager:
    """The manager of one world: what he does, and everything that he has seen of it, in order."""

    scene: Scene
    now: datetime
    seen: list[Seen] = field(default_factory=list)
    mailboxes: set[str] = field(default_factory=set)  # those whose mails he reads
    client: Client = field(default_factory=Client)

    def look(self) -> None:
        """Read every page of the campaign and of each of its people."""
        self._note("campaign-list", self.client.get(reverse("survey:campaign-list")))
        for name in CAMPAIGN_PAGES:
            self._note(name, self.client.get(self.place(name)))
        people = Recipient.objects.filter(campaign=self.scene.campaign).order_by("email")
        for recipient in people:
            page = self.client.get(self.place("person-detail", recipient.pk))
            self._note(f"person {recipient.email}", page)

    def place(self, name: str, *more: UUID) -> str:
        """Return the address of a page of the campaign."""
        return reverse(f"survey:{name}", args=[self.scene.campaign.pk, *more])

    def do(self, name: str, data: Mapping[str, str] | None = None, *, to: str = "") -> None:
        """Post a form, about one person if one is named; the worker does what follows from it."""
        more = [Recipient.objects.get(campaign=self.scene.campaign, email=to).pk] if to else []
        place = self.place(name, *more)
        self._note(f"post {name}", self.client.post(place, data or {}, follow=True))
        self.work()

    def post_alone(self, name: str, data: Mapping[str, str], *, to: str) -> None:
        """Post a form about somebody while the worker is busy elsewhere."""
        person = Recipient.objects.get(campaign=self.scene.campaign, email=to).pk
        answer = self.client.post(self.place(name, person), data, follow=True)
        self._note(f"post {name}", answer)

    def hear_of_answers(self, addresses: Iterable[str]) -> None:
        """Know that these have answered: they have said so, or they are he."""
        for address in addresses:
            submit(token=_token_at(self.scene, address), answers=Answers({"TF1": 5}))

    def take_over(self, address: str) -> None:
        """Correct an address whose mail came back to one of his own."""
        lose_mail_to(address)
        own = f"maria.{address}"
        self.mailboxes.add(own)
        self.do("person-detail", {"email": own, "name": ""}, to=address)

    def do_all(self, posts: Iterable[tuple[str, Mapping[str, str], str]]) -> None:
        """Post one form after the other: which, with what, and about whom."""
        for name, data, to in posts:
            self.do(name, data, to=to)

    def work(self) -> None:
        """Let the worker do what is queued and due, and read the mails that come of it."""
        for task in DBTaskResult.objects.exclude(task_path=OPENING).order_by("enqueued_at"):
            import_string(task.task_path).call(*task.args_kwargs["args"])
            task.delete()
        send_due_messages()
        self.read_mails()

    def read_mails(self) -> None:
        """Read what has come to the mailboxes that are the manager's."""
        for one in mail.outbox:
            if self.mailboxes & set(one.to):
                self.seen.append(
                    ("mail", ", ".join(one.to), str(one.subject), _plain(str(one.body)))
                )
        mail.outbox.clear()

    def wait(self, span: timedelta) -> None:
        """Let time pass, with a tick of the clock at its end."""
        self.now += span
        with time_machine.travel(self.now, tick=False):
            run_due_work(self.now)
            self.work()
            opening = DBTaskResult.objects.filter(task_path=OPENING).exists()
            self.seen.append(("opening queued", str(opening)))
            self.look()

    def act(self, *steps: Callable[[], object]) -> None:
        """Do something at the present moment, and look at everything after each step."""
        with time_machine.travel(self.now, tick=False):
            for step in steps:
                step()
                self.look()

    def follow_link(self) -> None:
        """Walk the whole way of the link that the person has now, up to the thanks and back."""
        invitation = Invitation.objects.get(
            campaign=self.scene.campaign, recipient__email__in=self.mailboxes
        )
        self._follow(derive_token(load_token_key(invitation.campaign_id), invitation.pk))

    def follow_code(self) -> None:
        """Walk the whole way of a copy of the code."""
        self._follow(self.scene.code)

    def _follow(self, token: str) -> None:
        reader = Client()
        self._note("open link", reader.get(f"/s/{token}"))
        self._read(reader)
        self._walk(reader, "/answer/save/", {"TF1": "4"})
        self._read(reader)
        self._walk(reader, "/answer/submit/", {"TF1": "4", "TF2": "3"})
        self._read(reader)
        self._walk(reader, "/answer/submit/", {"TF1": "4"})
        self._walk(reader, "/answer/save/", {"TF1": "5"})

    def _read(self, reader: Client) -> None:
        for page in ("", "1/", "review/", "sample/", "unit/", "withdraw/", "thanks/"):
            self._walk(reader, f"/answer/{page}")

    def _walk(self, reader: Client, place: str, data: Mapping[str, str] | None = None) -> None:
        with CaptureQueriesContext(connection) as asked:
            answer = reader.get(place) if data is None else reader.post(place, data)
        self._note(f"{len(asked)} queries for {place}", answer)

    def _note(self, name: str, answer: Any) -> None:  # noqa: ANN401 - a test client's response
        response: HttpResponse = answer
        chain = getattr(answer, "redirect_chain", ())
        headers = {key: value for key, value in response.headers.items() if key != "Content-Length"}
        cookies = sorted(
            f"{key}={morsel.OutputString()}"
            for key, morsel in response.cookies.items()
            if key not in ("csrftoken", "sessionid")
        )
        told = (str(response.status_code), str(chain), str(headers), str(cookies))
        self.seen.append((name, *map(_plain, told), _plain(response.content.decode())))


def two_worlds(
    scene: Scene, attack: Callable[[Manager], None], *, mailboxes: Collection[str] = ()
) -> tuple[list[Seen], list[Seen]]:
    """Return what the manager sees of an attack where the person has answered, and where not."""
    answered, silent = (_world(scene, attack, has, set(mailboxes)) for has in (True, False))
    return answered, silent


def differences(worlds: tuple[list[Seen], list[Seen]]) -> list[str]:
    """Return by what the manager tells the two worlds from each other, as lines to be read."""
    answered, silent = worlds
    found = [
        f"{here[0]}: {part} | {other}"
        for here, there in zip(answered, silent, strict=False)
        if here != there
        for part, other in _lines_apart(here, there)
    ]
    return found + [f"{len(answered)} | {len(silent)} things seen"] * (len(answered) != len(silent))


def _lines_apart(here: Seen, there: Seen) -> Iterator[tuple[str, str]]:
    lines, others = ("\n".join(one).splitlines() for one in (here, there))
    for line, other in zip(lines, others, strict=False):
        if line != other:
            yield line.strip(), other.strip()
            return
    yield f"{len(lines)} lines", f"{len(others)} lines"


def _world(
    scene: Scene, attack: Callable[[Manager], None], has_answered: bool, mailboxes: set[str]
) -> list[Seen]:
    """Act one world out and take everything back."""
    world = transaction.savepoint()
    try:
        mail.outbox.clear()
        manager = Manager(scene, LAUNCH + timedelta(hours=1), mailboxes=mailboxes)
        with time_machine.travel(manager.now, tick=False):
            manager.client.force_login(scene.manager)
            if has_answered:
                _answer(scene)
        with _same_numbers():
            attack(manager)
        return manager.seen
    finally:
        transaction.savepoint_rollback(world)


@contextmanager
def _same_numbers() -> Iterator[None]:
    """Have both worlds draw the same numbers for new invitations, so that their links are alike."""
    drawn = count()
    with ExitStack() as patches:
        for place in NUMBERS:
            patches.enter_context(patch(place, lambda: uuid5(NAMESPACE_OID, str(next(drawn)))))
        own = patch(BROWSERS, lambda length: f"{next(drawn):0{2 * length}x}")
        patches.enter_context(own)
        yield


def _answer(scene: Scene) -> None:
    """Let the person answer, and look once more at what was begun; a code is used in a browser."""
    if not scene.code:
        submit(token=_token_at(scene, scene.address), answers=Answers({"TF1": 6}))
        return
    reader = Client()
    reader.get(f"/s/{scene.code}")
    reader.post("/answer/save/", {"TF2": "2"})
    assert Draft.objects.count() == 1
    reader.post("/answer/submit/", {"TF1": "6"})
    assert Ballot.objects.count() == 1
    assert reader.get("/answer/thanks/").status_code == 200


def _token_at(scene: Scene, address: str) -> str:
    invitation = Invitation.objects.get(campaign=scene.campaign, recipient__email=address)
    return derive_token(load_token_key(scene.campaign.pk), invitation.pk)


def _plain(text: str) -> str:
    for pattern, name in BY_CHANCE:
        text = pattern.sub(name, text)
    return text


def lose_mail(scene: Scene) -> None:
    """Have the mail server say later that the person's invitation came back."""
    lose_mail_to(scene.address)


def lose_mail_to(address: str) -> None:
    """Have the mail server say later that an invitation came back."""
    Message.objects.filter(invitation__recipient__email=address, round=0).update(
        state="bounced", last_error="550 5.1.1 gone"
    )
