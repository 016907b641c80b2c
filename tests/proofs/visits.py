"""Proof 6, requests: pages opened by scanners, posts of other sites, names of other hosts."""

from collections.abc import Iterator
from itertools import cycle
from re import findall
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from survey.mail.messages import survey_mail
from survey.mail.outbox import send_due_messages
from survey.models import Campaign, Invitation, Message, Organisation, Recipient, User
from survey.services.organisations.account_mail import post_set_password_mails
from tests.architecture.routes import every_route
from tests.proofs.figures import Figure, Size, exactly
from tests.survey.database_dump import dump
from tests.survey.small_campaign import SmallCampaign, open_small_campaign
from tests.survey.staff_scenes import PASSWORD, organisation_with_manager

GETS = 100  # of each link
FORBIDDEN, REFUSED_HOST = 403, 400
RESPONDENT_PAGES = ("/answer/", "/answer/1/", "/answer/review/", "/answer/withdraw/", "/code/")
FOREIGN = "evil.example"
ADDRESS = r"(?:https?:)?//[^\s\"'<>)]+"
HOSTS = (
    FOREIGN, f"{FOREIGN}:8000", f"localhost:8000@{FOREIGN}", f"localhost.{FOREIGN}",
    f"localhost, {FOREIGN}", f"localhost#{FOREIGN}", f"localhost/{FOREIGN}", f"[{FOREIGN}]",
    f"LOCALHOST.{FOREIGN}.", f"localhost\\@{FOREIGN}",
)  # fmt: skip
HOST_HEADERS = ("host", "x-forwarded-host", "forwarded")
TARGETS = (
    f"//{FOREIGN}", f"https://{FOREIGN}", f"http:///{FOREIGN}", f"\\\\{FOREIGN}", f"/\\{FOREIGN}",
    f"https:{FOREIGN}", f"////{FOREIGN}", f"%2F%2F{FOREIGN}", f"\t//{FOREIGN}",
    f"https://localhost:8000@{FOREIGN}", "javascript:alert(1)", f"data:text/html,{FOREIGN}",
)  # fmt: skip
BREAKS = ("\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\r\n ", "\n\t")


def measure(size: Size) -> list[Figure]:
    """Open every link again and again, post from elsewhere, and name other hosts."""
    small = open_small_campaign(invitations=size.of(2, 40))
    organisation, manager = organisation_with_manager()
    Campaign.objects.update(organisation=organisation)
    return [
        *prefetched(small),
        *foreign_posts(small, manager),
        *foreign_names(small, manager),
    ]


def prefetched(small: SmallCampaign) -> list[Figure]:
    """Open each link a hundred times, as mail scanners do, and the pages behind it."""
    before = dump(connection)
    for token in small.tokens:
        client, pages = Client(), cycle((f"/s/{token}", *RESPONDENT_PAGES))
        for _ in range(GETS):
            client.get(next(pages))
    after = dump(connection)
    changed = [table for table, rows in before.items() if rows != after[table]]
    opened = len(small.tokens)
    return [exactly(f"tables changed by {GETS} GETs of each of {opened} links", len(changed), 0)]


def foreign_posts(small: SmallCampaign, manager: User) -> list[Figure]:
    """Post to every address from another site, with the cookies of somebody who is signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)
    client.get(f"/s/{small.tokens[0]}")
    before = dump(connection)
    with override_settings(BOUNCE_WEBHOOK_SECRET="s" * 40):  # without one that address is not there
        statuses = [
            client.post(route.path, {"csrfmiddlewaretoken": token}, headers=headers).status_code
            for route in every_route()
            for token in ("", "x" * 64)
            for headers in ({"origin": f"https://{FOREIGN}"}, {"referer": f"https://{FOREIGN}/"})
        ]
    after = dump(connection)
    del before["django_session"], after["django_session"]
    return [
        exactly(f"posts of {len(statuses)} from another site that were not refused",
                len(statuses) - statuses.count(FORBIDDEN), 0),
        exactly("tables that they changed", sum(before[t] != after[t] for t in before), 0),
    ]  # fmt: skip


def foreign_names(small: SmallCampaign, manager: User) -> list[Figure]:
    """Name another host in headers and targets, and break lines in what goes into a mail."""
    variants, strange = 0, 0
    for answers in (_host_variants(manager), _target_variants(manager)):
        for places in answers:
            variants += 1
            strange += any(map(_is_foreign, places))
    injected = [_broken_headers(small, text) for text in BREAKS]
    return [
        exactly(f"foreign links or targets from {variants + len(injected)} variants",
                strange, 0),
        exactly("mail headers begun by a line break in a name", sum(injected), 0),
    ]  # fmt: skip


def _host_variants(manager: User) -> Iterator[list[str]]:
    """Yield every address in answers and mails; the site lets any host in here."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        for host in HOSTS:
            for header in HOST_HEADERS:
                mail.outbox.clear()
                form = {"email": manager.email}
                headers = {header: host if header != "forwarded" else f"host={host}"}
                answer = Client().post("/password/reset/", form, headers=headers)
                post_set_password_mails(user_ids=[manager.pk])
                send_due_messages()
                page = Client().get("/", headers=headers)
                texts = [str(sent.message()) for sent in mail.outbox]
                texts += [answer.content.decode(), page.content.decode()]
                yield [
                    answer.headers.get("Location", ""),
                    page.headers.get("Location", ""),
                    *(address for text in texts for address in findall(ADDRESS, text)),
                ]


def _target_variants(manager: User) -> Iterator[list[str]]:
    """Yield where somebody lands who signs in with a target in the address or the form."""
    for target in TARGETS:
        form = {"username": manager.email, "password": PASSWORD, "next": target}
        yield [Client().post("/sign-in/", form).headers.get("Location", "")]


def _is_foreign(address: str) -> bool:
    """Tell whether a browser would leave the site for this address."""
    try:
        parts = urlsplit(address.replace("\\", "/"))
    except ValueError:  # brackets around what is no IPv6 address
        return True
    own = urlsplit(settings.SITE_URL).netloc
    known = {"", own, "testserver", "www.w3.org"}
    return parts.netloc not in known or parts.scheme not in {"", "http", "https"}


def _broken_headers(small: SmallCampaign, line_break: str) -> int:
    """Return how many headers a name with a line break adds to a mail."""
    text = f"Spring{line_break}Bcc: all@{FOREIGN}{line_break}{line_break}body"
    Organisation.objects.update(name=text)
    Campaign.objects.update(name=text)
    invitation = Invitation.objects.filter(campaign=small.campaign).latest("id")
    invitation.recipient, _ = Recipient.objects.get_or_create(
        campaign=small.campaign, email="anna@example.com", defaults={"name": text}
    )
    invitation.save()
    message, _ = Message.objects.get_or_create(
        invitation=invitation, defaults={"due_at": timezone.now()}
    )
    message = Message.objects.select_related("invitation__campaign__organisation").get(
        pk=message.pk
    )
    sent = survey_mail(message, f"{settings.SITE_URL}/s/x").message()
    return int("Bcc" in sent or FOREIGN in str(sent["To"]))
