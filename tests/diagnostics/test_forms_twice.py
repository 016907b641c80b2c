"""Every form that makes something new, really handed in twice: one after another, and at once."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from diagnostics.models import (
    Action,
    Analysis,
    AnalysisCheck,
    CalibrationRule,
    PatternSet,
    UploadedMatrix,
)
from diagnostics.scoring.definitions import DEFAULT_CALIBRATION, DEFAULT_PATTERN_SET
from diagnostics.workbench.services.checks import request_check, run_check
from survey.instrument.files import instrument_file, read_instrument_file
from survey.models import (
    Campaign,
    InstrumentVersion,
    Invitation,
    Leadership,
    Membership,
    Organisation,
    Recipient,
    Role,
    TrialMail,
    Unit,
    Upload,
    User,
)
from tests.architecture.sources import modules
from tests.diagnostics.answered_campaign import answered_campaign
from tests.diagnostics.stored_example import store_example
from tests.diagnostics.test_double_submits import ACTION, MATRIX
from tests.diagnostics.workbench.test_analysis_checks import analysed, scored_cases
from tests.faults.visitors import Page
from tests.faults.visitors import form_of as form_of_page
from tests.survey.staff_scenes import (
    draft_campaign,
    open_campaign_of,
    organisation_with_manager,
    people_csv,
)

Value = str | int


@dataclass(frozen=True)
class Post:
    """A form as it is shown to somebody, what is changed in it, and what it makes."""

    by: User
    shown: str
    makes: type[Any]
    changes: dict[str, Value] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)  # as somebody has chosen them
    target: str = ""  # where it is not the page itself
    count: int = 1

    def fields(self, client: Client) -> dict[str, Value]:
        """Return what a browser sends."""
        page = client.get(self.shown)
        shown = form_of_page(Page(self.shown, page.status_code, page.content))
        assert "form_key" in shown, page.content.decode()
        return shown | self.changes

    def send(self, client: Client, fields: dict[str, Value]) -> Any:  # noqa: ANN401
        """Hand it in."""
        chosen = {name: SimpleUploadedFile(name, data) for name, data in self.files.items()}
        named = {name.partition(" ")[0]: file for name, file in chosen.items()}
        for name, file in zip(self.files, named.values(), strict=True):
            file.name = name.partition(" ")[2]
        return client.post(self.target or self.shown, {**fields, **named})


def page(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


def with_figures(user: User, organisation: Organisation) -> User:
    for role in (Role.MANAGER, Role.EXECUTIVE):
        Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    return user


def somebody() -> tuple[Organisation, User]:
    organisation, manager = organisation_with_manager()
    return organisation, with_figures(manager, organisation)


def an_analyst() -> tuple[Organisation, User]:
    """Return somebody with answers, who can have no role with figures beside."""
    organisation, user = organisation_with_manager()
    Membership.objects.filter(user=user).update(role=Role.ANALYST)
    return organisation, user


def an_action() -> Post:
    example = store_example()
    leader = example.person("lea@example.com", leads="oulu")
    unit = example.units["oulu"]
    return Post(
        leader, page("diagnostics:action-create", unit.campaign_id, unit.pk), Action, dict(ACTION)
    )


def a_leader() -> Post:
    organisation, manager = somebody()
    draft_campaign(organisation)
    unit = Unit.objects.get(code="N2")
    return Post(
        manager, page("survey:unit-leaders", organisation.pk, unit.pk), Leadership,
        {"kind": "leader", "email": "new@example.com", "name": "New"},
    )  # fmt: skip


def a_copied_questionnaire() -> Post:
    organisation, manager = somebody()
    campaign = draft_campaign(organisation)
    places = (organisation.pk, campaign.instrument_id)
    return Post(
        manager, page("survey:instrument-detail", *places), InstrumentVersion,
        target=page("survey:instrument-copy", *places),
    )  # fmt: skip


def a_questionnaire_from_a_file() -> Post:
    organisation, manager = somebody()
    data = instrument_file(read_instrument_file(), kind="yaml")
    return Post(
        manager, page("survey:instrument-import", organisation.pk), InstrumentVersion,
        files={"file own.yaml": data if isinstance(data, bytes) else data.encode()},
    )  # fmt: skip


def a_latecomer() -> Post:
    organisation, manager = somebody()
    campaign = open_campaign_of(organisation)
    unit = campaign.units.get(code="N1")
    return Post(
        manager, page("survey:person-add", campaign.pk), Recipient,
        {"email": "late@example.com", "name": "Late", "unit": str(unit.pk),
         "function": "operations"},
    )  # fmt: skip


def codes_on_paper() -> Post:
    organisation, manager = somebody()
    campaign = open_campaign_of(organisation)
    unit = campaign.units.get(code="N1")
    return Post(
        manager, page("survey:code-list", campaign.pk), Invitation,
        {"unit": str(unit.pk), "function": "operations", "count": 3}, count=3,
    )  # fmt: skip


def a_campaign() -> Post:
    organisation, manager = somebody()
    return Post(
        manager, page("survey:campaign-create"), Campaign,
        {"organisation": str(organisation.pk), "name": "Spring", "purpose": "To learn"},
    )  # fmt: skip


def an_upload() -> Post:
    organisation, manager = somebody()
    campaign = draft_campaign(organisation)
    return Post(
        manager, page("survey:setup-people", campaign.pk), Upload,
        files={"people people.csv": people_csv().encode()},
    )  # fmt: skip


def a_trial_mail() -> Post:
    organisation, manager = somebody()
    campaign = draft_campaign(organisation)
    return Post(
        manager, page("survey:setup-mails", campaign.pk), TrialMail,
        {"email": "other@example.com", "language": "en"},
        target=page("survey:trial-send", campaign.pk),
    )  # fmt: skip


def a_matrix() -> Post:
    organisation, analyst = an_analyst()
    return Post(
        analyst, page("diagnostics:matrix-upload"), UploadedMatrix,
        {"organisation": str(organisation.pk)}, {"file cases.csv": MATRIX},
    )  # fmt: skip


def an_example() -> Post:
    _, analyst = an_analyst()
    return Post(
        analyst, page("diagnostics:matrix-upload"), UploadedMatrix,
        target=page("diagnostics:example-take"),
    )  # fmt: skip


def an_analysis_of_a_file() -> Post:
    _, analyst = an_analyst()
    analysis = analysed(analyst, *scored_cases())
    return Post(
        analyst, page("diagnostics:analysis-copy", analysis.pk), Analysis,  # the same form, filled
        target=page("diagnostics:analysis-create", analysis.matrix_id),
    )  # fmt: skip


def a_copied_analysis() -> Post:
    _, analyst = an_analyst()
    analysis = analysed(analyst, *scored_cases())
    return Post(analyst, page("diagnostics:analysis-copy", analysis.pk), Analysis)


def an_analysis_with_other_cuts() -> Post:
    _, analyst = an_analyst()
    analysis = analysed(analyst, *scored_cases())
    return Post(analyst, page("diagnostics:analysis-cuts", analysis.pk), Analysis)


def an_analysis_of_a_campaign() -> Post:
    scene = answered_campaign(seed=7)
    return Post(
        scene.analyst, page("diagnostics:campaign-analyse", scene.campaign.pk), Analysis,
        {"title": "Sixty"},
    )  # fmt: skip


def derived_patterns() -> Post:
    scene = answered_campaign(seed=8)
    analysis = scene.analysis()
    check = request_check(analysis=analysis, kind=AnalysisCheck.Kind.MATCHING, by=scene.analyst)
    run_check(check_id=check.pk, run=check.run)
    words = {f"{name}-{place}": f"{name.capitalize()} {place}" for name in ("name", "summary")
             for place in range(12)}  # fmt: skip
    return Post(
        scene.analyst, page("diagnostics:pattern-derive", analysis.pk), PatternSet,
        {"title": "Ours", "note": "As we know them.", **words},
    )  # fmt: skip


def a_copied_pattern_set() -> Post:
    example = store_example()
    user = with_figures(example.person("ann@example.com"), example.campaign.organisation)
    shipped = PatternSet.objects.filter(code=DEFAULT_PATTERN_SET).latest("version")
    return Post(
        user, page("diagnostics:method-copy", shipped.pk), PatternSet,
        {"title": "Ours", "save": "1"},
    )  # fmt: skip


def a_pattern_set() -> Post:
    post = a_copied_pattern_set()
    return Post(
        post.by, page("diagnostics:method-create"), PatternSet,
        {"title": "New", "note": "n", "name-0": "Steady", "summary-0": "Stays.", "TF-0": "present",
         "save": "1"},
    )  # fmt: skip


def a_copied_calibration() -> Post:
    post = a_copied_pattern_set()
    shipped = CalibrationRule.objects.filter(code=DEFAULT_CALIBRATION).latest("version")
    return Post(
        post.by, page("diagnostics:calibration-copy", shipped.pk), CalibrationRule,
        {"title": "Ours", "save": "1"},
    )  # fmt: skip


FORMS: dict[str, Callable[[], Post]] = {
    "add_latecomer": a_latecomer,
    "analyse_campaign": an_analysis_of_a_campaign,
    "begin_campaign": a_campaign,
    "choose_files": an_upload,
    "copy": a_copied_questionnaire,
    "copy_analysis": a_copied_analysis,
    "copy_calibration": a_copied_calibration,
    "copy_pattern_set": a_copied_pattern_set,
    "create_action": an_action,
    "create_analysis": an_analysis_of_a_file,
    "create_pattern_set": a_pattern_set,
    "derive_patterns": derived_patterns,
    "import_file": a_questionnaire_from_a_file,
    "make_codes": codes_on_paper,
    "send_trial_mail": a_trial_mail,
    "show_unit": a_leader,
    "take_example": an_example,
    "try_cuts": an_analysis_with_other_cuts,
    "upload_matrix": a_matrix,
}


def one_after_another(post: Post, client: Client, fields: dict[str, Value]) -> list[Any]:
    return [post.send(client, fields) for _ in range(2)]


def at_once(post: Post, client: Client, fields: dict[str, Value]) -> list[Any]:
    together, answers = Barrier(2), list[Any]()

    def click() -> None:
        with closing(connection):
            own = Client()
            own.cookies = client.cookies
            together.wait(20)
            answers.append(post.send(own, fields))

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hand_in", [one_after_another, at_once])
@pytest.mark.parametrize("view", FORMS)
def test_a_form_that_is_handed_in_twice_makes_it_once_and_answers_alike(
    view: str, hand_in: Callable[..., list[Any]], settings: Settings, tmp_path: Path
) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    post = FORMS[view]()
    client = Client()
    client.force_login(post.by)
    fields = post.fields(client)
    before = set(post.makes.objects.values_list("pk", flat=True))

    first, second = hand_in(post, client, fields)

    assert (first.status_code, second.status_code) in ((302, 302), (200, 200)), first.text
    assert first.headers.get("Location") == second.headers.get("Location")
    made = set(post.makes.objects.values_list("pk", flat=True)) - before
    assert len(made) == post.count
    if first.status_code == 200:  # shown once and kept nowhere: both clicks show the same
        assert first.context["sheet"] == second.context["sheet"]


def test_every_view_that_makes_something_new_saves_once() -> None:
    """A new form is added here, or says why it may come twice."""
    marked = {
        name
        for path in modules().values()
        for name in re.findall(r"@saved_once\ndef (\w+)", Path(path).read_text())
    }

    # Its sheet is shown once and by no other page: it saves once by its seed.
    assert marked == set(FORMS) - {"make_codes"}
