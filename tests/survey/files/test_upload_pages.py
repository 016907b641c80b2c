"""The wizard's preview says how files were read, and offers the choice about hidden rows."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from survey.errors import InputError
from survey.instrument.files import instrument_file, read_content, read_instrument_file
from survey.models import Campaign, Organisation, Unit, Upload, Who
from survey.selectors.units.tree_plans import plan_tree
from survey.services.organisations.trees import import_units
from survey.services.setup.drafts import begin_draft
from survey.services.setup.imports import read_units
from tests.survey.files.workbook_scenes import workbook
from tests.survey.staff_scenes import organisation_with_manager

pytestmark = pytest.mark.django_db
UNITS = "code;name;parent\nco;Company;\nn;North;co\ns;South;co\n"
PEOPLE = ("email", "name", "unit", "function", "Cost centre")
ANNA = ("anna@example.com", "Anna Berg", "n", "operations", 44)
LEFT = ("left@example.com", "Left Company", "s", "sales", 45)


@pytest.fixture
def draft(client: Client) -> Campaign:
    """Return a new draft whose manager is signed in."""
    organisation, manager = organisation_with_manager()
    client.force_login(manager)
    return begin_draft(organisation=organisation, name="Spring", purpose="Work.")


def hiding(sheet: Any) -> None:  # noqa: ANN401
    sheet.row_dimensions[3].hidden = True


def upload(client: Client, draft: Campaign, people: bytes, name: str) -> tuple[int, str]:
    """Upload both files; return the status and the text of the page that answers."""
    files = {
        "units": SimpleUploadedFile("units.csv", UNITS.encode()),
        "people": SimpleUploadedFile(name, people),
    }
    address = reverse("survey:setup-people", args=[draft.id])
    answer = client.post(address, files, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_preview_shows_names_and_what_each_file_was_read_as(
    client: Client, draft: Campaign
) -> None:
    people = (
        "email;name;unit;function\na@example.com;Ann;n;sales\nu@example.com;Ulla Nyström;s;sales"
    )

    _status, page = upload(client, draft, people.encode("cp1252"), "people.csv")

    assert "people.csv: read as Windows-1252 with ; between cells, headings on line 1" in page
    assert "line 3 read as Windows-1252, since the file is not UTF-8" in page
    assert 0 < page.index("<td>Ulla Nyström</td>") < page.index("<td>Ann</td>")


def test_hidden_rows_are_told_and_read_once_that_is_chosen_on_the_preview(
    client: Client, draft: Campaign
) -> None:
    _status, page = upload(client, draft, workbook(PEOPLE, ANNA, LEFT, change=hiding), "p.xlsx")
    preview = reverse("survey:upload-preview", args=[Upload.objects.get().id])

    assert "p.xlsx: 1 hidden row is left out (line 3)." in page
    assert "left out: &#x27;Cost centre&#x27;" in page
    assert "left@example.com" not in page
    chosen = client.post(preview, {"hidden": "include"}, follow=True).content.decode()
    assert "1 hidden row is read as well" in chosen
    assert "left@example.com" in chosen
    client.post(preview, {"hidden": "leave"})
    client.post(preview)
    assert list(draft.recipients.values_list("email", flat=True)) == ["anna@example.com"]


def test_a_choice_that_would_break_the_import_is_told_and_not_kept(
    client: Client, draft: Campaign
) -> None:
    wrong = (*LEFT[:2], "nowhere", *LEFT[3:])
    upload(client, draft, workbook(PEOPLE, ANNA, wrong, change=hiding), "p.xlsx")
    preview = reverse("survey:upload-preview", args=[Upload.objects.get().id])

    answer = client.post(preview, {"hidden": "include"}, follow=True)

    assert "found &#x27;nowhere&#x27;" in answer.content.decode()
    assert not Upload.objects.get().includes_hidden


def test_a_page_of_problems_says_what_was_left_out_as_well(client: Client, draft: Campaign) -> None:
    wrong = (*ANNA[:2], "nowhere", *ANNA[3:])

    status, page = upload(client, draft, workbook(PEOPLE, wrong, LEFT, change=hiding), "p.xlsx")

    assert (status, Upload.objects.count()) == (422, 0)
    assert "1 hidden row is left out (line 3)" in page


def test_units_kept_before_names_were_tidied_are_not_renamed_by_their_own_export() -> None:
    organisation = Organisation.objects.create(name="Acme")
    import_units(organisation=organisation, rows=read_units(UNITS.encode()).rows, by=Who.WORKER)
    Unit.objects.filter(code="n").update(name="Region\u00a0 Va\u0308st", code="n\u00a01")
    written = UNITS.replace("n;North", "n 1;Region Väst").encode()

    plan = plan_tree(
        organisation=organisation,
        rows=read_units(written).rows,
        on=timezone.localdate(),
    )

    assert (plan.created, plan.changed, plan.ended) == ((), (), ())


def test_a_questionnaire_in_another_encoding_is_told_and_a_field_that_comes_twice_refused(
    client: Client, draft: Campaign
) -> None:
    content = {**read_instrument_file(), "code": "own"}
    text = instrument_file(content, kind="yaml").decode()
    address = reverse("survey:instrument-import", args=[draft.organisation_id])

    page = client.post(
        address, {"file": SimpleUploadedFile("own.yaml", text.encode("cp1252"))}, follow=True
    ).content.decode()

    assert "read as Windows-1252, since the file is not UTF-8" in page
    with pytest.raises(InputError, match="the field 'code' again"):
        read_content(f"{text}code: other\n".encode(), name="own.yaml")
    decomposed = read_content(b"title: A\xcc\x8asa\n", name="own.yaml")
    assert decomposed == {"title": "Åsa"}
