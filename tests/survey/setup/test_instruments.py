"""Questionnaire versions: copied, translated, exchanged as files, fixed once they are used."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from survey.errors import FrozenError, InputError
from survey.instrument.content import parse_instrument
from survey.instrument.files import instrument_file, read_content
from survey.models import InstrumentVersion, Organisation, User
from survey.services.setup import instruments
from tests.survey.staff_scenes import organisation_with_manager

pytestmark = pytest.mark.django_db
TARGET = "/organisations/{}/questionnaires/{}/"


@pytest.fixture
def scene() -> tuple[Organisation, User]:
    return organisation_with_manager()


@pytest.fixture
def copied(scene: tuple[Organisation, User]) -> InstrumentVersion:
    organisation, manager = scene
    shipped = instruments.load_default_instrument()
    return instruments.copy_instrument(version=shipped, organisation=organisation, by=manager)


@pytest.fixture
def browser(client: Client, scene: tuple[Organisation, User]) -> Client:
    client.force_login(scene[1])
    return client


def address(version: InstrumentVersion, rest: str = "") -> str:
    return TARGET.format(Organisation.objects.get(name="Acme").pk, version.pk) + rest


def test_a_copy_is_the_next_version_and_leaves_the_first_alone(copied: InstrumentVersion) -> None:
    shipped = instruments.load_default_instrument()

    changed = instruments.save_texts(
        version=copied,
        language="sv",
        texts={"TF1": "Vi pratar om ny teknik.", "label 4": "Neutral"},
    )

    assert (changed.version, changed.get_origin_display(), changed.author) == (
        3, "entered by the organisation", "Maria Manager",
    )  # fmt: skip
    instrument = parse_instrument(changed.content)
    assert instrument.construct("TF").items[0].text["sv"] == "Vi pratar om ny teknik."
    assert instrument.scale.labels["sv"][3] == "Neutral"
    assert changed.digest != shipped.digest
    shipped.refresh_from_db()
    assert parse_instrument(shipped.content).scale.labels["sv"][3] == "Varken eller"


def test_a_changed_translation_is_a_draft_again_and_an_empty_text_takes_the_language_away(
    copied: InstrumentVersion,
) -> None:
    instruments.note_check(version=copied, language="sv", checked=True)
    changed = instruments.save_texts(version=copied, language="sv", texts={"opening": ""})

    instrument = parse_instrument(changed.content)
    assert instrument.missing("sv") == ("opening",)
    # PostgreSQL keeps the keys of a JSON document in an order of its own.
    assert set(instrument.languages) == {"en", "fi", "de"}
    assert instrument.checked == {"en"}


def test_a_new_item_is_missing_in_every_other_language(copied: InstrumentVersion) -> None:
    changed = instruments.add_item(
        version=copied, construct="CF", code="CF6", is_reversed=True, language="en",
        text="We {repair | sell} without asking.",
    )  # fmt: skip

    item = parse_instrument(changed.content).construct("CF").items[-1]
    assert (item.code, item.is_reversed) == ("CF6", True)
    assert item.wording("en", "sales") == "We sell without asking."
    assert parse_instrument(changed.content).languages == ("en",)
    with pytest.raises(InputError, match="CF6: expected a new code, found it again"):
        instruments.add_item(
            version=copied, construct="TF", code="CF6", is_reversed=False, language="en", text="x"
        )
    back = instruments.remove_item(version=copied, construct="CF", code="CF6")
    assert back.content["constructs"] == copied.content["constructs"]


def test_what_is_shipped_or_used_is_never_changed(copied: InstrumentVersion) -> None:
    shipped = list(InstrumentVersion.objects.filter(organisation=None))
    InstrumentVersion.objects.filter(pk=copied.pk).update(is_frozen=True)

    for version in (*shipped, copied):
        with pytest.raises(FrozenError):
            instruments.save_texts(version=version, language="en", texts={"title": "Other"})
    assert set(InstrumentVersion.objects.values_list("title", flat=True)) == {copied.title}


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_an_exported_file_is_read_back_as_a_new_version(
    browser: Client, copied: InstrumentVersion, kind: str
) -> None:
    file = browser.get(address(copied, f"file.{kind}"))
    upload = SimpleUploadedFile(f"mine.{kind}", file.content)
    answer = browser.post(address(copied).replace(f"{copied.pk}/", "import/"), {"file": upload})

    assert answer.status_code == 302
    made = InstrumentVersion.objects.get(version=4)
    assert made.content == {**copied.content, "version": 4}
    assert file.headers["Content-Disposition"] == f'attachment; filename="rutin-core-3.{kind}"'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("points: 7", "points: many",
         "scale points: expected a whole number from 2 to 11, found many."),
        ("role: outcome", "role: output",
         "DSO role: expected element / outcome / check / marker, found output."),
        ("- code: TF1\n    text:", "- code: TF1\n    txt:",
         "TF1: expected the fields text, found nothing.\nTF1: expected no other fields, found"),
        ("{service jobs |", "{service jobs ;",
         "TF1 (en): expected {operations | sales} in every pair of braces, found "),
        ("checked: true", "checked: *gone",
         "mine.yaml: expected a YAML or JSON file, found an alias"),
        ("code: rutin-core", "code: [", "mine.yaml: expected a YAML or JSON file, found "),
        ("- code: TF2\n", "- code: TF1\n",
         "TF, TF1: expected every code once, whatever its case, found TF1 beside TF, TF1."),
    ],
)  # fmt: skip
def test_a_file_with_faults_is_refused_with_their_places(
    browser: Client, copied: InstrumentVersion, old: str, new: str, problem: str
) -> None:
    text = instrument_file(copied.content, kind="yaml").decode()
    assert old in text
    upload = SimpleUploadedFile("mine.yaml", text.replace(old, new, 1).encode())

    page = browser.post(address(copied).replace(f"{copied.pk}/", "import/"), {"file": upload})

    assert page.status_code == 422
    shown = re.sub(r"&#x27;", "'", page.content.decode())
    for line in problem.splitlines():
        assert line in shown
    assert InstrumentVersion.objects.count() == 3  # both that ship, and the copy


def test_a_file_of_nested_lists_or_aliases_is_refused_without_growing() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n"
    for data in (bomb.encode(), b"[" * 20_000, b"\xff\xfe", b"- 1", json.dumps("x").encode()):
        with pytest.raises(InputError, match=r"bomb\.yaml: expected"):
            read_content(data, name="bomb.yaml")


def test_a_managers_page_saves_texts_and_names_the_place_of_a_fault(
    browser: Client, copied: InstrumentVersion
) -> None:
    page = browser.get(address(copied, "texts/CF/fi/")).content.decode()
    assert "Osaamme sanoa, mitä kukin asiakkaamme haluaa saavuttaa." in page
    assert "After a sale we ask the customer whether it helped." in page
    fields = dict(re.findall(r'<textarea name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page))
    assert list(fields) == ["CF", "CF1", "CF2", "CF3", "CF4", "CF5"]

    wrong = browser.post(address(copied, "texts/CF/fi/"), fields | {"CF1": "Yksi {kaksi"})
    assert wrong.status_code == 422
    assert "Expected {operations | sales} in every pair of braces" in wrong.content.decode()
    saved = browser.post(address(copied, "texts/CF/fi/"), fields | {"CF1": "Yksi\n kaksi"})
    assert saved.status_code == 302
    copied.refresh_from_db()
    assert parse_instrument(copied.content).construct("CF").items[0].text["fi"] == "Yksi kaksi"


def test_pages_of_a_used_version_answer_409_and_of_others_404(
    browser: Client, copied: InstrumentVersion
) -> None:
    InstrumentVersion.objects.filter(pk=copied.pk).update(is_frozen=True)
    other, _manager = organisation_with_manager("Other", "otto@example.com")
    foreign = instruments.copy_instrument(version=copied, organisation=other, by=_manager)

    assert browser.get(address(copied)).status_code == 200
    for rest in ("texts/CF/fi/", "items/CF/"):
        assert browser.get(address(copied, rest)).status_code == 409
        assert browser.get(address(foreign, rest)).status_code == 404
    posts = ("items/CF/CF1/remove/", "languages/", "check/")
    assert [browser.post(address(copied, rest)).status_code for rest in posts] == [409] * 3
    assert browser.get(address(foreign)).status_code == 404
    assert browser.get(f"/organisations/{other.pk}/questionnaires/").status_code == 404
