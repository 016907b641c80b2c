"""Pattern sets and calibrations: seen by those with a role, copied, never changed, chosen once."""

import pytest
from django.test import Client
from django.urls import reverse

from diagnostics.methods.selectors.definitions import pattern_set_content
from diagnostics.methods.services.definitions import freeze_method, load_defaults
from diagnostics.models import CalibrationRule, CampaignMethod, PatternSet
from survey.models import Campaign, CampaignState, Origin, Role
from tests.diagnostics.stored_example import StoredExample, store_example

pytestmark = pytest.mark.django_db
ELEMENTS = ("TF", "AD", "AG", "RB", "CF")


@pytest.fixture
def example() -> StoredExample:
    return store_example()


def client_of(example: StoredExample, role: str) -> Client:
    client = Client()
    client.force_login(example.person(f"{role}@example.com", role=role))
    return client


def shipped() -> PatternSet:
    return PatternSet.objects.get(code="compensating")


def filled(example: StoredExample, **changes: str) -> dict[str, str]:
    """Return what the editor posts for two patterns."""
    return {
        "title": "Ours", "note": "From our own work.", "count": "3",
        "organisation": str(example.campaign.organisation_id),
        "name-0": "Steady", "summary-0": "goes on", "TF-0": "present-core", "AD-0": "absent",
        "name-1": "Quick", "summary-1": "runs ahead", "AG-1": "present-core", **changes,
    }  # fmt: skip


def test_only_roles_that_use_patterns_see_them(example: StoredExample) -> None:
    address = reverse("diagnostics:method-list")
    statuses = {role: client_of(example, role).get(address).status_code for role in Role.values}

    assert statuses == {
        Role.MANAGER: 200, Role.EXECUTIVE: 200, Role.ANALYST: 200,
        Role.COUNCIL: 404, Role.ADMINISTRATOR: 404,
    }  # fmt: skip


def test_the_list_shows_what_ships_also_before_the_first_launch(example: StoredExample) -> None:
    client = client_of(example, Role.MANAGER)
    example.campaign.assessments.all().delete()
    CampaignMethod.objects.all().delete()
    PatternSet.objects.all().delete()
    CalibrationRule.objects.all().delete()

    page = client.get(reverse("diagnostics:method-list")).content.decode()

    assert "Three patterns that compensate, version 1" in page


def test_a_copy_becomes_a_version_of_its_own_and_the_original_stays(example: StoredExample) -> None:
    before = pattern_set_content(shipped())
    client = client_of(example, Role.ANALYST)
    address = reverse("diagnostics:method-copy", args=[shipped().pk])

    answer = client.post(address, {**filled(example), "save": "1"})

    saved = PatternSet.objects.get(title="Ours")
    assert answer.headers["Location"] == reverse("diagnostics:method-detail", args=[saved.pk])
    assert (saved.origin, saved.author, saved.version) == (Origin.CUSTOM, "analyst", 1)
    assert saved.organisation == example.campaign.organisation
    content = pattern_set_content(saved)
    assert [(one.code, one.required, one.core) for one in content.patterns] == [
        ("steady", {"TF": True, "AD": False}, {"TF"}),
        ("quick", {"AG": True}, {"AG"}),
    ]
    assert pattern_set_content(shipped()) == before


def test_a_changed_own_set_is_its_next_version_and_keeps_names_in_all_languages(
    example: StoredExample,
) -> None:
    client = client_of(example, Role.ANALYST)
    first = client.get(reverse("diagnostics:method-copy", args=[shipped().pk]))
    fields = {one.html_name: one.value() for one in first.context["form"] if one.value()}
    client.post(
        reverse("diagnostics:method-copy", args=[shipped().pk]),
        {**fields, "title": "Ours", "save": "1"},
    )
    own = PatternSet.objects.get(title="Ours")

    again = {**fields, "title": "Ours", "CF-0": "absent"}
    client.post(reverse("diagnostics:method-copy", args=[own.pk]), {**again, "save": "1"})

    second = PatternSet.objects.get(title="Ours", version=2)
    content = pattern_set_content(second)
    assert second.code == own.code
    assert content.patterns[0].name == pattern_set_content(shipped()).patterns[0].name
    assert content.patterns[0].required == {"TF": True, "AD": True, "RB": True, "CF": False}
    assert content.patterns[1:] == pattern_set_content(shipped()).patterns[1:]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name-0": ""}, "Expected a name with letters, found none."),
        ({"summary-1": ""}, "Expected a line in words, found none."),
        ({"AG-1": ""}, "Expected at least one element that matters."),
        ({"name-1": "steady"}, "Expected a name of its own."),
        (
            {"function-0": "sales", "function-1": "sales"},
            "Expected a pattern for both functions, found none.",
        ),
    ],
)
def test_a_set_that_cannot_score_a_unit_is_refused(
    example: StoredExample, changes: dict[str, str], told: str
) -> None:
    client = client_of(example, Role.ANALYST)
    posted = {**filled(example, **changes), "save": "1"}

    answer = client.post(reverse("diagnostics:method-create"), posted)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not PatternSet.objects.filter(origin=Origin.CUSTOM).exists()


def test_the_review_shows_expressions_and_the_effect_to_those_who_see_units(
    example: StoredExample,
) -> None:
    pages = {
        role: client_of(example, role)
        .post(reverse("diagnostics:method-create"), filled(example))
        .content.decode()
        for role in (Role.ANALYST, Role.EXECUTIVE)
    }

    assert all("<code>TF*~AD</code>" in page for page in pages.values())
    assert "What it would change in “Autumn 2026”" in pages[Role.EXECUTIVE]
    assert "What it would change" not in pages[Role.ANALYST]
    assert not PatternSet.objects.filter(origin=Origin.CUSTOM).exists()


def test_a_published_solution_fills_the_editor_and_saves_nothing(example: StoredExample) -> None:
    client = client_of(example, Role.ANALYST)

    answer = client.post(
        reverse("diagnostics:method-import"), {"text": "Careful: [TF]*AD*~RB + AG"}
    )

    form = answer.context["form"]
    chosen = {name: form[f"{name}-0"].value() for name in ELEMENTS}
    assert (form["name-0"].value(), chosen) == (
        "Careful",
        {"TF": "present-core", "AD": "present", "AG": "", "RB": "absent", "CF": ""},
    )
    assert not PatternSet.objects.filter(origin=Origin.CUSTOM).exists()


def test_a_solution_that_cannot_be_read_is_told_by_place(example: StoredExample) -> None:
    client = client_of(example, Role.ANALYST)

    answer = client.post(reverse("diagnostics:method-import"), {"text": "TF\nTF*ZZ"})

    assert answer.status_code == 422
    assert "Solution, line 2: expected an element (AD, AG, CF, RB, TF)" in answer.content.decode()


def test_a_set_of_another_organisation_is_not_found(example: StoredExample) -> None:
    client = client_of(example, Role.ANALYST)
    client.post(reverse("diagnostics:method-create"), {**filled(example), "save": "1"})
    own = PatternSet.objects.get(title="Ours")
    stranger = Client()
    other = example.person("stranger@example.com")
    stranger.force_login(other)

    addresses = [
        reverse(f"diagnostics:method-{name}", args=[own.pk]) for name in ("detail", "copy")
    ]

    assert [stranger.get(address).status_code for address in addresses] == [404, 404]


def test_a_calibration_is_copied_with_anchors_of_its_own(example: StoredExample) -> None:
    client = client_of(example, Role.EXECUTIVE)
    original = CalibrationRule.objects.get(code="fixed-off-centre")
    posted = {
        "title": "Stricter", "note": "We ask more.", "kind": "absolute",
        "organisation": str(example.campaign.organisation_id),
        "*-out": "2", "*-half": "4.6", "*-in": "6.2",
        "RB-out": "1.5", "RB-half": "3.6", "RB-in": "5.5",
    }  # fmt: skip
    address = reverse("diagnostics:calibration-copy", args=[original.pk])

    review = client.post(address, {**posted, "*-half": "4"}).content.decode()
    client.post(address, {**posted, "save": "1"})

    assert "reach exactly (Every element)" in review
    assert "What it would change in “Autumn 2026”" in review
    saved = CalibrationRule.objects.get(title="Stricter")
    assert saved.anchors == {"*": [2.0, 4.6, 6.2], "RB": [1.5, 3.6, 5.5]}
    assert (saved.organisation, saved.origin) == (example.campaign.organisation, Origin.CUSTOM)


def test_anchors_that_do_not_rise_are_refused(example: StoredExample) -> None:
    client = client_of(example, Role.ANALYST)
    original = CalibrationRule.objects.get(code="fixed-off-centre")
    posted = {
        "title": "Odd", "note": "-", "kind": "absolute", "*-out": "5", "*-half": "4", "*-in": "6",
        "organisation": str(example.campaign.organisation_id), "save": "1",
    }  # fmt: skip

    answer = client.post(reverse("diagnostics:calibration-copy", args=[original.pk]), posted)

    assert answer.status_code == 422
    told = "Every element: expected three numbers that rise, from 0 to 7."
    assert told in answer.content.decode()


def test_a_manager_chooses_before_the_launch_and_the_launch_keeps_it(
    example: StoredExample,
) -> None:
    load_defaults()
    campaign = example.campaign
    Campaign.objects.update(state=CampaignState.DRAFT)
    client = client_of(example, Role.MANAGER)
    chosen = (
        PatternSet.objects.get(code="strict"),
        CalibrationRule.objects.get(code="relative-wide"),
    )
    address = reverse("diagnostics:method-choose", args=[campaign.pk])

    client.post(address, {"pattern_set": chosen[0].pk, "calibration": chosen[1].pk})
    method = freeze_method(campaign=campaign)

    assert (method.pattern_set, method.calibration) == chosen
    Campaign.objects.update(state=CampaignState.OPEN)
    assert client.get(address).status_code == 404
