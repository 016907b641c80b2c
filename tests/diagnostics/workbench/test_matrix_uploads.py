"""The page of an uploaded matrix tells how it was read, and hidden rows are a choice that stays."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diagnostics.models import UploadedMatrix
from diagnostics.workbench.selectors.cases import stored_matrix
from survey.models import Membership, Organisation, Role, User
from tests.survey.files.workbook_scenes import workbook

pytestmark = pytest.mark.django_db
COMMAS = b"case;TF;AD;Y\nA;0,81;0,12;0,05\nB;0,99;0,89;0,95\n"


@pytest.fixture
def organisation(client: Client) -> Organisation:
    """Return a company whose analyst is signed in."""
    organisation = Organisation.objects.create(name="Nordlift Service")
    user = User.objects.create_user("ann@example.com", "a-long-enough-password")
    Membership.objects.create(organisation=organisation, user=user, role=Role.ANALYST)
    client.force_login(user)
    return organisation


def upload(client: Client, organisation: Organisation, data: bytes, **more: str) -> str:
    form = {"organisation": organisation.id, "file": SimpleUploadedFile("m.xlsx", data), **more}
    return client.post(reverse("diagnostics:matrix-upload"), form, follow=True).content.decode()


def test_decimal_commas_are_told_on_the_next_page(
    client: Client, organisation: Organisation
) -> None:
    page = upload(client, organisation, COMMAS)

    assert "decimal commas are read as points: 0,81 as 0.81" in page


def test_hidden_cases_count_only_where_that_was_chosen_and_as_before_in_older_files(
    client: Client, organisation: Organisation
) -> None:
    data = workbook(
        ("case", "TF", "AD", "Y"),
        ("A", 0.1, 0.2, 0.3),
        ("B", 0.4, 0.5, 0.6),
        change=lambda sheet: setattr(sheet.row_dimensions[3], "hidden", True),
    )

    page = upload(client, organisation, data)
    upload(client, organisation, data, includes_hidden="on")

    assert "1 hidden row is left out (line 3)" in page
    sizes = [stored_matrix(one).size for one in UploadedMatrix.objects.order_by("uploaded_at")]
    assert sizes == [1, 2]
    assert UploadedMatrix._meta.get_field("includes_hidden").default is True
