"""The dossier has all that works council and data protection agree on, and nobody's answer."""

import io
import re
from dataclasses import replace
from html import unescape
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from diagnostics.dossier.document import dossier_document, dossier_markup
from diagnostics.dossier.reading import ENTRIES, dossier_reading
from diagnostics.methods.services.definitions import load_defaults
from diagnostics.reports.rendering.errors import RenderError
from survey.models import Action, Campaign, HeadCountConfirmation, Role, User, Who
from survey.selectors.proofs import proofs
from survey.services.campaigns import launch_campaign
from survey.services.ledger import new_entry, note_all
from tests.diagnostics.stored_example import store_example
from tests.proofs.catalogue import PROOFS
from tests.survey.staff_scenes import (
    confirm_counts,
    draft_campaign,
    organisation_with_manager,
    second_person_of,
)

pytestmark = pytest.mark.django_db
PROMISES = {
    "en": "Nobody sees your answers with your name or your unit.",
    "fi": "Kukaan ei näe vastauksiasi nimesi tai yksikkösi kanssa.",
}


@pytest.fixture
def manager() -> User:
    load_defaults()
    return organisation_with_manager()[1]


@pytest.fixture
def draft(manager: User) -> Campaign:
    campaign = draft_campaign(manager.memberships.get().organisation)
    Campaign.objects.filter(pk=campaign.pk).update(languages=["en", "fi"])
    campaign.refresh_from_db()
    return campaign


@pytest.fixture
def council(draft: Campaign) -> User:
    return second_person_of(draft.organisation)


def words_of(campaign: Campaign, reader: User) -> str:
    """Return what a dossier says, without its markup."""
    markup = dossier_markup(dossier_reading(campaign, reader=reader))
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_a_draft_s_dossier_says_what_is_to_be_agreed_on(draft: Campaign, council: User) -> None:
    told = words_of(draft, council)

    missing = [
        words
        for words in (
            "State: Draft.",
            "Why To improve service work. Responsible Acme Ltd Contact privacy@example.com",
            "Languages English, suomi",
            "Patterns Three patterns that compensate, version 1",
            "Opened only with a passphrase of the works council no",
            "No figure, and no difference of figures, is about fewer than 5 answers.",
            "If 60 % of each team answer",
            "Field team Ålesund Region North Service operations 4 0 4",
            "Confirmed by Cora Council",
            "Records Record Holds Never holds Kept Uploaded files",
            "head counts confirmed by a second person",
        )
        if words not in told
    ]
    assert missing == []


def test_it_has_the_promise_in_every_language_of_the_campaign(
    draft: Campaign, council: User
) -> None:
    told = words_of(draft, council)
    with translation.override("fi"):
        promised = translation.gettext(PROMISES["en"])

    assert PROMISES["en"] in told
    assert promised != PROMISES["en"]
    assert promised in told
    assert "What respondents read before they answer: Suomi" in told  # in the reader's language


def test_it_names_who_reads_results_and_nobody_who_is_invited(
    draft: Campaign, council: User
) -> None:
    launched = launch_campaign(campaign=draft, by=Who.WORKER)
    organisation = launched.organisation
    ann = User.objects.create_user("ann@example.com", "x", name="Ann Analyst")
    ann.memberships.create(organisation=organisation, role=Role.ANALYST)

    told = words_of(launched, council)

    assert "Tables of the whole company Ann Analyst (ann@example.com)" in told
    assert "Leader, Field team Ålesund Lars Lead (lars@example.com)" in told
    assert "All figures of groups nobody" in told
    assert not re.search(r"n[12]-\d@example\.com", told)


def test_of_a_research_campaign_it_says_who_gets_single_answers(manager: User) -> None:
    organisation = manager.memberships.get().organisation
    campaign = draft_campaign(organisation, is_confirmed=False)
    Campaign.objects.filter(pk=campaign.pk).update(gives_rows=True)
    campaign.refresh_from_db()
    confirm_counts(campaign)

    told = words_of(campaign, second_person_of(organisation))

    assert "Single answers, without unit nobody" in told
    assert "Nothing is told of any unit" in told


def test_of_a_released_campaign_it_has_the_fingerprint_of_the_release() -> None:
    example = store_example()
    told = words_of(example.campaign, example.person("cora@example.com", role=Role.COUNCIL))

    assert example.campaign.release.digest in told
    assert "Units that were published" in told


def test_it_holds_the_newest_entries_of_a_long_ledger_and_says_so(
    draft: Campaign, council: User
) -> None:
    note_all(new_entry(Action.EXTENDED, by=Who.WORKER, campaign=draft) for _ in range(ENTRIES + 5))
    reading = dossier_reading(draft, reader=council)

    assert (len(reading.page.ledger.rows), reading.page.ledger.has_more) == (ENTRIES, True)
    assert "Only the newest entries are shown." in dossier_markup(reading)


def test_it_names_every_proof_that_there_is() -> None:
    assert {proof.name for proof in proofs()} == set(PROOFS)


def test_it_is_a_tagged_document_in_the_reader_s_language(draft: Campaign, council: User) -> None:
    with translation.override("de"):
        content = dossier_document(dossier_reading(draft, reader=council))
    document = PdfReader(io.BytesIO(content))
    first = document.pages[0].extract_text()

    assert document.metadata is not None
    assert document.metadata.title == "Spring survey: Dossier"
    root: Any = document.root_object
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (
        "de", True,
    )  # fmt: skip
    assert "Fragebogen" in first


def test_its_first_page_says_nothing_twice_and_parts_no_label(
    draft: Campaign, council: User
) -> None:
    draft.organisation.is_demonstration = True
    draft.organisation.save()
    with translation.override("sv"):
        content = dossier_document(dossier_reading(draft, reader=council))
    first, second, *_ = PdfReader(io.BytesIO(content)).pages
    told = " ".join(first.extract_text().split())

    once = ("Spring survey", "Demonstrationsdata", "Acme")
    assert [told.count(words) for words in once] == [1, 1, 1]
    assert "Frågeformulärets fingeravtryck" in told
    assert "Acme · Spring survey" in second.extract_text()


def test_no_hyphen_is_put_into_a_fingerprint_or_an_address_of_the_ledger(
    draft: Campaign, council: User
) -> None:
    with translation.override("sv"):
        content = dossier_document(dossier_reading(draft, reader=council))
    pages = PdfReader(io.BytesIO(content)).pages
    told = "".join("".join(page.extract_text() for page in pages).split())

    assert HeadCountConfirmation.objects.get().digest in told
    assert f"({council.email})" in told


def test_it_says_the_sum_of_a_long_table_of_head_counts_once(
    draft: Campaign, council: User
) -> None:
    reading = dossier_reading(draft, reader=council)
    groups = reading.heads.counts.groups * 40
    longer = replace(reading.heads, counts=replace(reading.heads.counts, groups=groups))
    content = dossier_document(replace(reading, heads=longer))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]

    assert sum("Invited by mail" in page for page in pages) > 1
    assert sum("All units" in page for page in pages) == 1


def test_it_says_why_some_entries_stand_below_the_others_of_their_day(
    draft: Campaign, council: User
) -> None:
    assert "such entries stand below the others of their day" in words_of(draft, council)


def test_whoever_checks_a_campaign_gets_it_from_its_page(
    client: Client, draft: Campaign, council: User
) -> None:
    client.force_login(council)
    page = client.get(reverse("survey:campaign-stored", args=[draft.pk])).content.decode()
    address = reverse("diagnostics:campaign-dossier", args=[draft.pk])

    answer = client.get(address)

    assert f'href="{address}"' in page
    assert "make prove ARGS=&quot;--only thief&quot;" in page
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="spring-survey-dossier.pdf"'
    )
    assert answer.content.startswith(b"%PDF-")


def test_one_that_cannot_be_made_is_told_on_the_page(
    client: Client, draft: Campaign, council: User
) -> None:
    client.force_login(council)
    with patch("diagnostics.dossier.views.dossier_document", side_effect=RenderError("too long")):
        answer = client.get(reverse("diagnostics:campaign-dossier", args=[draft.pk]), follow=True)

    assert answer.redirect_chain == [(reverse("survey:campaign-stored", args=[draft.pk]), 302)]
    assert "The dossier could not be made." in answer.content.decode()


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ANALYST])
def test_nobody_else_gets_it(client: Client, draft: Campaign, role: Role) -> None:
    user = User.objects.create_user("e@example.com", "x")
    user.memberships.create(organisation=draft.organisation, role=role)
    client.force_login(user)

    assert client.get(reverse("diagnostics:campaign-dossier", args=[draft.pk])).status_code == 404
