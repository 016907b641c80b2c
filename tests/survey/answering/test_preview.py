"""The manager's preview: the whole questionnaire in every language, and nothing written by it.

Row 12 of the feature table (safe preview that can never write real data).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from survey.models import Campaign, Role, User
from tests.survey.staff_scenes import draft_campaign, open_campaign_of, organisation_with_manager

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")


@pytest.fixture
def manager() -> User:
    return organisation_with_manager()[1]


@pytest.fixture
def signed_in(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@contextmanager
def written() -> Iterator[list[str]]:
    """Collect every statement that changes the database."""
    found: list[str] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        if sql.lstrip().upper().startswith(WRITES):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def walk(client: Client) -> list[str]:
    """Go from the first page to the thank-you page as a respondent would; return every page."""
    pages = [client.get("/preview/")]
    found = re.search(r'href="(/preview/\d+/)"', pages[0].content.decode())
    assert found is not None
    address = found.group(1)
    while "/preview/review/" not in address:
        page = client.get(address)
        names = set(re.findall(r'name="([A-Z]+\d+|background-\w+)"', page.content.decode()))
        client.post("/preview/save/", dict.fromkeys(names, "1"))
        pages.append(page)
        answers = {name: "" if name.startswith("background") else "4" for name in names}
        address = client.post(address, answers | {"to": "next"}).headers["Location"]
    pages.append(client.get(address))
    pages.append(client.post("/preview/submit/", follow=True))
    pages += [client.get("/preview/sample/"), client.get("/preview/withdraw/")]
    pages.append(client.post("/preview/withdraw/", follow=True))
    assert {page.status_code for page in pages} == {200}
    return [page.content.decode() for page in pages]


@pytest.mark.parametrize("function", ["operations", "sales"])
def test_a_manager_walks_through_the_questionnaire_in_every_language_and_writes_nothing(
    signed_in: Client, manager: User, function: str, settings: pytest.FixtureRequest
) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]  # type: ignore[attr-defined]
    campaign = draft_campaign(manager.memberships.get().organisation)
    Campaign.objects.update(languages=["en", "de"])
    opening = campaign.instrument.content["opening"]

    with written() as statements:
        signed_in.get(reverse("survey:preview-start", args=[campaign.id, function]))
        english = walk(signed_in)
        signed_in.post("/preview/language/", {"language": "de"})
        german = walk(signed_in)
        own = signed_in.get("/campaigns/").content.decode()

    assert statements == []
    assert len(english) == len(german) == 14
    assert all("Nothing you enter is kept or sent." in page for page in english)
    assert [page.count(' lang="de"') > 0 for page in german] == [True] * 14
    assert [opening[code] in page for code in ("en", "de") for page in (english[0], german[0])] == [
        True, False, False, True,
    ]  # fmt: skip
    assert '<html lang="en"' in own
    # No link or form of a preview leads to a page that could write an answer.
    targets = re.findall(r'(?:href|action|data-save)="(/[^"]*)"', "".join(english + german))
    foreign = {to for to in targets if not to.startswith(("/preview/", "/static/"))}
    assert foreign == {f"/campaigns/{campaign.id}/"}


def test_an_open_campaign_is_previewed_alike(signed_in: Client, manager: User) -> None:
    campaign = open_campaign_of(manager.memberships.get().organisation)

    with written() as statements:
        signed_in.get(reverse("survey:preview-start", args=[campaign.id, "sales"]))
        walk(signed_in)

    assert statements == []


@pytest.mark.parametrize("role", [None, *[role for role in Role if role != Role.MANAGER]])
def test_nobody_else_previews_a_campaign_and_nobody_without_a_preview(
    client: Client, manager: User, role: Role | None
) -> None:
    organisation = manager.memberships.get().organisation
    campaign = draft_campaign(organisation)
    start = reverse("survey:preview-start", args=[campaign.id, "sales"])
    client.force_login(manager)
    none_begun = client.get("/preview/").status_code
    wrong_function = client.get(start.replace("sales", "nothing")).status_code
    client.get(start)
    begun = client.get("/preview/").status_code
    manager.memberships.all().delete()
    if role is not None:
        manager.memberships.create(organisation=organisation, role=role)
    instances = get_resolver().app_dict["respondent"]

    assert (none_begun, wrong_function, begun) == (404, 404, 200)
    assert client.get("/preview/").status_code == client.get(start).status_code == 404
    assert client.post("/preview/submit/").status_code == 404
    assert sorted(instances) == ["preview", "respondent"]
