"""Codes are names of variables: what could stand for something else is never launched."""

import copy
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from survey.documents.canonical_json import content_digest
from survey.errors import AnswersError, ChecklistError, InputError, SealError
from survey.forms.answers import AnswersForm
from survey.instrument.answers import Answers
from survey.instrument.codes import LISTS, LONGEST_CODE, PRODUCT, code_problem, code_problems
from survey.instrument.content import parse_instrument
from survey.instrument.files import (
    INSTRUMENT_DIR,
    instrument_file,
    read_instrument_file,
)
from survey.instrument.shape import shape_problems
from survey.models import (
    Ballot,
    Campaign,
    CampaignState,
    InstrumentVersion,
    Organisation,
    Origin,
    Response,
    User,
    Who,
)
from survey.release.answers import TAKEN, require_free_codes
from survey.release.cells import cell_frame
from survey.sealing import boxes, keys
from survey.selectors.launch.checklist import launch_checklist
from survey.selectors.releases import released_rows
from survey.services import ballots
from survey.services.running.launching import launch_campaign, prepare_keys
from survey.services.setup import instruments
from tests.survey.database_dump import dump
from tests.survey.opening.opening_by_worker import open_by_worker
from tests.survey.opening.opening_scenes import GROUPS, closed_campaign
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import draft_campaign, organisation_with_manager

EDITOR = "/organisations/{}/questionnaires/{}/"
WORDS = ("background", "unit", "function", "leads", "pool", "answers")
REASON = "a word that this software uses itself"
SHEET = re.compile(r"""TF2["']?\s?[:=]\s?[1-7]""")  # somebody's answer beside its code


@pytest.fixture(autouse=True)
def key_folder(settings: Settings, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"


def renamed(**codes: str) -> dict[str, Any]:
    """Return the shipped content with other codes, old -> new."""
    content = copy.deepcopy(dict(read_instrument_file()))
    questions = content["background"]
    for entry in (*content["constructs"], *questions):
        for one in (entry, *entry.get("items", ())):
            one["code"] = codes.get(one["code"], one["code"])
    return content


def stored_before_the_rule(
    organisation: Organisation, content: Mapping[str, Any]
) -> InstrumentVersion:
    """Return a version as the database may hold it from before."""
    return InstrumentVersion.objects.create(
        organisation=organisation,
        code="own",
        version=InstrumentVersion.objects.count() + 1,
        title="Own",
        origin=Origin.CUSTOM,
        content=content,
        digest=content_digest(content),
    )


def assert_refused_by_editor_import_copy_and_launch(
    client: Client, scene: tuple[Organisation, User], code: str, reason: str
) -> None:
    organisation, manager = scene
    own = instruments.copy_instrument(
        version=instruments.load_default_instrument(), organisation=organisation, by=manager
    )
    address = EDITOR.format(organisation.pk, own.pk)
    form = client.post(f"{address}items/TF/", {"code": code, "text": "We look ahead."})
    assert (form.status_code, reason in form.content.decode()) == (422, True)
    with pytest.raises(InputError, match=reason):
        instruments.add_item(
            version=own, construct="TF", code=code, is_reversed=False, language="en", text="x"
        )
    content = renamed(TF4=code)
    file = SimpleUploadedFile("own.yaml", instrument_file(content, kind="yaml"))
    page = client.post(address.replace(f"{own.pk}/", "import/"), {"file": file})
    assert (page.status_code, f"TF, {code}: expected " in page.content.decode()) == (422, True)
    old = stored_before_the_rule(organisation, content)
    with pytest.raises(InputError, match=reason):
        instruments.copy_instrument(version=old, organisation=organisation, by=manager)
    draft = draft_campaign(organisation, name=f"With {code}")
    Campaign.objects.filter(pk=draft.pk).update(instrument=old)
    draft.refresh_from_db()
    prepare_keys(campaign_id=draft.pk)
    failed = [one for one in launch_checklist(draft, now=timezone.now()) if not one.passed]
    assert [(one.code, reason in one.detail) for one in failed] == [("languages", True)]
    with pytest.raises(ChecklistError, match=reason):
        launch_campaign(campaign=draft, by=Who.WORKER)


@pytest.mark.django_db(transaction=True)
def test_no_item_code_makes_a_campaign_that_can_never_be_opened(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    scene = organisation_with_manager()
    client.force_login(scene[1])
    for word in WORDS:
        assert_refused_by_editor_import_copy_and_launch(client, scene, word, REASON)
    again = "expected a new code|every code once, whatever its case"
    for content in (renamed(TF5="tf1"), renamed(role="Tf"), renamed(TF="dso1")):
        (problem,) = code_problems(content)
        assert re.search(again, problem)
    for code in ("TF-1", "1TF", "Ä1", "TF_", "_TF", "TF.1", "x" * 25, "AND", "if", "tf_set"):
        assert code_problem(code)

    opened = {}
    for word in WORDS:  # campaigns that were launched before the rule
        InstrumentVersion.objects.filter(code="rutin-core").update(code=f"before-{word}")
        campaign = closed_campaign(groups=GROUPS[2:4], content=renamed(TF4=word)).campaign
        row = open_by_worker(campaign)
        campaign.refresh_from_db()
        opened[word] = campaign.state == CampaignState.RELEASED
        told = f"{campaign.opening_problem}{row.traceback}{caplog.text}"
        assert (SHEET.search(told), "Ballot" in told) == (None, False)
        if opened[word]:
            assert Response.objects.filter(campaign=campaign, answers__has_key=word).count() == 15
            assert word in released_rows(campaign)
        else:
            assert f"found {word}." in campaign.opening_problem
            assert Ballot.objects.filter(campaign=campaign).count() == 15
        tables = {name: rows for name, rows in dump(connection).items() if name != RESPONSES}
        assert not SHEET.search(repr(tables))
    assert opened == {
        "background": True, "answers": True,
        "unit": False, "function": False, "leads": False, "pool": False,
    }  # fmt: skip


RESPONSES = Response._meta.db_table


def test_the_awkward_file_is_refused_with_every_place() -> None:
    content = renamed(TF4="background", TF5="tf1")

    assert list(shape_problems(content)) == [
        f"TF, background: expected another code, found background, {REASON}.",
        "TF, tf1: expected every code once, whatever its case, found tf1 beside TF, TF1.",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"TF4": "With"}, "TF, With: expected another code, found With, a word of SPSS."),
        ({"TF": "cases"}, "cases: expected another code, found cases, a word that this software"),
        ({"TF": "OUT"}, "OUT: expected another code, found OUT, a word of R or of its package"),
        ({"role": "to"}, "background question to: expected another code, found to, a word of the"),
        ({"role": "dso5"}, "background question dso5: expected every code once, whatever its"),
        ({"TF4": "TF_"}, "TF, TF_: expected a code that does not end with _, as SPSS"),
        ({"AD": "TF_set"}, "TF_set: expected a code that does not end with _set, as the exports"),
        ({"TF4": "TF-4"}, "TF, TF-4: expected a letter, then letters, digits and _, at most 24"),
        ({"TF4": "a" * 25}, "a: expected a letter, then letters, digits and _, at most 24 char"),
    ],
)
def test_every_refusal_says_where_what_was_expected_what_was_found_and_why(
    changes: dict[str, str], problem: str
) -> None:
    (found,) = shape_problems(renamed(**changes))

    assert problem in found


def test_codes_that_are_no_text_and_options_told_twice_are_refused() -> None:
    content = renamed()
    content["constructs"][0]["items"][3]["code"] = False
    options = content["background"][0]["options"]
    options[1]["code"] = options[0]["code"].upper()
    form = "a letter, then letters, digits and _, at most 24 characters"

    assert list(shape_problems(content)) == [
        "role: expected every option once, whatever its case, found SERVICE.",
        f"TF, item 4: expected {form}, found False.",
    ]


def test_every_shipped_questionnaire_keeps_to_the_rule() -> None:
    files = sorted(INSTRUMENT_DIR.glob("*.yaml"))

    assert files
    assert {path.name: list(shape_problems(read_instrument_file(path))) for path in files} == {
        path.name: [] for path in files
    }


@pytest.mark.django_db
def test_whatever_stands_beside_items_is_among_the_words() -> None:
    small = open_small_campaign()
    ballots.submit(token=small.tokens[0], answers=Answers())
    private_key = keys.load_private_key(small.campaign.pk)
    envelope = boxes.open_box(private_key, Ballot.objects.get().box)

    beside = {*TAKEN, *envelope, *asdict(Answers()), *cell_frame([]).columns}
    assert sorted(name for name in beside if name not in PRODUCT.words) == []
    assert all(word == word.casefold() for known in LISTS for word in known.words)
    with pytest.raises(AnswersError, match="found pool, unit"):
        require_free_codes(["TF1", "unit", "pool"])


@pytest.mark.django_db
def test_a_questionnaire_whose_answers_fit_into_no_box_is_not_launched() -> None:
    organisation, _manager = organisation_with_manager()
    draft = draft_campaign(organisation)
    fitting, found = [], {}
    for more in (100, 120):
        content = renamed()
        items = content["constructs"][0]["items"]
        items += [{**items[0], "code": f"TF{'x' * 18}{number:04}"} for number in range(more)]
        assert list(shape_problems(content)) == []
        draft.instrument = stored_before_the_rule(organisation, content)
        checks = {one.code: one for one in launch_checklist(draft, now=timezone.now())}
        found[more] = checks["languages"].detail
        InstrumentVersion.objects.filter(code="rutin-core").update(code=f"before-{more}")
        small = open_small_campaign(content=content)
        try:
            ballots.submit(token=small.tokens[0], answers=Answers({}, {"role": "planning"}))
            fitting.append(more)
        except SealError:
            assert not checks["languages"].passed

    problem = (
        "Expected answers that fit into 4096 bytes, found too many statements and questions or too "
        "long codes."
    )
    assert (fitting, found[100].startswith("Own, version"), found[120]) == ([100], True, problem)


@pytest.mark.django_db
def test_a_version_from_before_is_mended_step_by_step_and_gets_no_new_fault() -> None:
    organisation, _manager = organisation_with_manager()
    old = stored_before_the_rule(organisation, renamed(TF4="unit", AD4="leads"))

    mended = instruments.remove_item(version=old, construct="TF", code="unit")
    instruments.save_texts(version=old, language="en", texts={"title": "Ours"})
    with pytest.raises(InputError, match="pool"):
        instruments.add_item(
            version=old, construct="TF", code="pool", is_reversed=False, language="en", text="x"
        )
    clean = instruments.remove_item(version=old, construct="AD", code="leads")

    assert list(code_problems(mended.content)) == [
        f"AD, leads: expected another code, found leads, {REASON}."
    ]
    assert list(shape_problems(clean.content)) == []


@pytest.mark.django_db
def test_a_copy_of_a_version_from_before_says_on_its_page_how_to_mend_it(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    client.force_login(manager)
    old = stored_before_the_rule(organisation, renamed(TF4="unit"))

    page = client.post(f"{EDITOR.format(organisation.pk, old.pk)}copy/", follow=True)

    shown = page.content.decode()
    assert page.redirect_chain == [(EDITOR.format(organisation.pk, old.pk), 302)]
    assert f"TF, unit: expected another code, found unit, {REASON}." in shown
    assert "Export the file, mend it and import it" in shown
    assert InstrumentVersion.objects.filter(organisation=organisation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_codes_of_the_greatest_length_and_of_pandas_words_are_opened() -> None:
    longest = "A" * LONGEST_CODE
    content = renamed(TF4=longest, TF3="self", AD4="columns", AD3="index")
    content["constructs"][0]["items"][2]["function"] = "sales"
    scene = closed_campaign(content=content)

    row = open_by_worker(scene.campaign)

    scene.campaign.refresh_from_db()
    assert (row.status, scene.campaign.state) == ("SUCCESSFUL", CampaignState.RELEASED)
    rows = released_rows(scene.campaign)
    assert {longest, "self", "columns", "index"} <= set(rows.columns)
    given = scene.answers.loc[scene.answers["unit"] != "", longest].dropna()
    assert 0 < rows[longest].notna().sum() <= len(given)


@pytest.mark.django_db
def test_a_review_shows_an_answer_whose_code_is_a_word_of_the_template(client: Client) -> None:
    small = open_small_campaign(content=renamed(TF4="items"))
    ballots.save_draft(token=small.tokens[0], answers=Answers({"items": 4, "TF1": 5}))
    client.get(f"/s/{small.tokens[0]}")

    page = client.get("/answer/review/").content.decode()

    posted = re.findall(r'<input type="hidden" name="(\w+)" value="(\d)">', page)
    assert sorted(posted) == [("TF1", "5"), ("edition", "1"), ("items", "4")]


def test_an_item_whose_code_begins_like_a_question_is_no_background_answer() -> None:
    instrument = parse_instrument(renamed(TF4="background-x"))
    items = [item for _, item in instrument.items() if item.code == "background-x"]
    form = AnswersForm(
        instrument, language="en", function="sales", items=items, data={"background-x": "4"}
    )

    assert form.is_valid()
    assert form.answers() == Answers({"background-x": 4})
