"""The demonstration set up through the real services: what is stored, and who may see it."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from diagnostics.access import campaigns_with_results_for, visible_units
from diagnostics.demonstration.design import DEFAULT_SEED
from diagnostics.demonstration.founding import (
    PASSWORD,
    DemonstrationGuide,
    seed_demonstration,
)
from diagnostics.models import Assessment, CampaignMethod, UnitAssessment
from diagnostics.results.selectors.assessments import (
    assessment_result,
    current_assessment,
)
from diagnostics.results.selectors.trends import unit_trend_reading
from diagnostics.results.services.assessments import (
    assess_campaign,
    assess_released_campaign,
    is_reproduced,
)
from diagnostics.scoring.assessing import result_digest
from diagnostics.scoring.results import AssessmentResult, UnitResult
from survey.errors import StateError
from survey.models import (
    Ballot,
    Campaign,
    CampaignState,
    Invitation,
    Leadership,
    Response,
    User,
)
from survey.selectors.respondents import find_respondent

# One worker makes the scene that all of these share, not each of them.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demonstration")]


@pytest.fixture(scope="module")
def guide(django_db_setup: None, django_db_blocker: object) -> Iterator[DemonstrationGuide]:
    """Return the demonstration, set up once; the tables are emptied when the module is through."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield seed_demonstration(seed=DEFAULT_SEED, progress=lambda *_: None)
        call_command("flush", interactive=False, verbosity=0)


def user(guide: DemonstrationGuide, name: str) -> User:
    return User.objects.get(email=f"{name}@northlight.example")


def codes(guide: DemonstrationGuide, who: User) -> set[str]:
    return set(visible_units(who, guide.released).values_list("code", flat=True))


def newest(guide: DemonstrationGuide) -> Assessment:
    return Assessment.objects.get(campaign=guide.released)


def test_pages_compare_with_the_wave_half_a_year_before(guide: DemonstrationGuide) -> None:
    assessment = newest(guide)
    units = {unit.code: unit for unit in guide.released.units.all()}
    result = assessment_result(assessment)

    found = {
        code: unit_trend_reading(assessment, result, units[code], language="en")
        for code in ("HQ", "N1", "N4", "W4")
    }

    agility = {code: row for code, reading in found.items() for row in reading.rows
               if row.name == "Agility"}  # fmt: skip
    assert agility["HQ"].words == "higher"
    assert set(agility) == {"HQ", "N1"}
    assert all("ten people or more" in found[code].sentences[0] for code in ("N4", "W4"))


def comparable(unit: UnitResult) -> tuple[object, ...]:
    """Return what a result says, without the keys that differ between two installations."""
    parts = (unit.profile, unit.diagnosis)
    sources = [part and (part.source.unit_name, part.source.relation, part.source.band)
               for part in parts]  # fmt: skip
    scores = [[(s.construct, round(s.score, 9)) for s in part.scores] if part else None
              for part in parts]  # fmt: skip
    verdict = unit.diagnosis.verdict if unit.diagnosis else None
    said = verdict and (verdict.kind, verdict.leading, verdict.second, verdict.turning_points)
    return (unit.name, sources, scores, said)


def test_two_campaigns_are_released_and_one_is_open(guide: DemonstrationGuide) -> None:
    states = Campaign.objects.order_by("wave").values_list("state", flat=True)
    answered = Invitation.objects.filter(done=True).count()

    assert list(states) == [CampaignState.RELEASED, CampaignState.RELEASED, CampaignState.OPEN]
    assert guide.released.organisation.is_demonstration
    assert Response.objects.filter(campaign=guide.released).count() == 525
    assert Ballot.objects.filter(campaign=guide.released).count() == 0
    assert Ballot.objects.exclude(campaign=guide.released).count() == answered == 15


def test_the_link_is_open_and_the_accounts_sign_in(guide: DemonstrationGuide) -> None:
    respondent = find_respondent(guide.link.rpartition("/")[2])

    assert respondent is not None
    assert not respondent.invitation.done
    assert [account.email.partition("@")[0] for account in guide.accounts] == [
        "manager", "executive", "leader", "analyst", "council", "administrator",
    ]  # fmt: skip
    for account in guide.accounts:
        assert User.objects.get(email=account.email).check_password(PASSWORD)


def test_a_second_run_changes_nothing(guide: DemonstrationGuide) -> None:
    before = {model: sorted(model.objects.values_list("pk", flat=True), key=str)
              for model in (Campaign, User, Invitation, Assessment, Response)}  # fmt: skip

    again = seed_demonstration(seed=DEFAULT_SEED, progress=lambda *_: None)

    assert again == guide
    assert before == {
        model: sorted(model.objects.values_list("pk", flat=True), key=str) for model in before
    }


def test_the_database_gives_the_figures_that_the_files_give(
    guide: DemonstrationGuide, demonstration: AssessmentResult
) -> None:
    stored = assessment_result(newest(guide))

    by_name = {unit.name: comparable(unit) for unit in demonstration.units}
    assert {unit.name: comparable(unit) for unit in stored.units} == by_name
    assert stored.company.pattern_tests == demonstration.company.pattern_tests
    assert stored.company.set_tests == demonstration.company.set_tests


def test_a_stored_assessment_is_reproduced_bit_for_bit(guide: DemonstrationGuide) -> None:
    assessment = newest(guide)

    assert result_digest(assessment_result(assessment)) == assessment.digest
    assert is_reproduced(assessment=assessment)


def test_the_method_is_frozen_at_launch(guide: DemonstrationGuide) -> None:
    methods = CampaignMethod.objects.select_related("pattern_set", "calibration")

    assert [
        (m.pattern_set.code, m.calibration.code, m.pattern_set.is_frozen, m.calibration.is_frozen)
        for m in methods
    ] == [("compensating", "fixed-off-centre", True, True)] * 3


def test_scoring_again_by_the_task_is_the_same_and_by_hand_is_number_two(
    guide: DemonstrationGuide,
) -> None:
    first = newest(guide)

    again = assess_released_campaign(campaign_id=guide.released.pk)
    second = assess_campaign(campaign=guide.released, seed=2, draws=200)

    assert again == first
    assert (first.number, second.number) == (1, 2)
    assert current_assessment(guide.released) == second
    actions = guide.released.ledger.filter(action="assessed")
    assert [entry.detail["number"] for entry in actions] == [1, 2]


def test_an_open_campaign_is_not_scored(guide: DemonstrationGuide) -> None:
    campaign = Campaign.objects.get(state=CampaignState.OPEN)

    assert assess_released_campaign(campaign_id=campaign.pk) is None
    with pytest.raises(StateError, match="expected a released campaign, found open"):
        assess_campaign(campaign=campaign)


def test_an_assessment_knows_the_sets_behind_each_unit(guide: DemonstrationGuide) -> None:
    pooled = UnitAssessment.objects.get(unit__code="S3", assessment=newest(guide))
    own = UnitAssessment.objects.get(unit__code="N1", assessment=newest(guide))

    assert (pooled.is_own_profile, pooled.is_own_verdict) == (False, False)
    assert pooled.profile_set is not None
    assert pooled.profile_set.owner.code == "S"
    assert (own.is_own_profile, own.is_own_verdict) == (True, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitAssessment.objects.create(
            assessment=own.assessment, unit=own.unit, is_own_profile=True, is_own_verdict=True,
            result={},
        )  # fmt: skip


def test_a_leader_sees_the_unit_what_lies_above_and_the_company(guide: DemonstrationGuide) -> None:
    assert codes(guide, user(guide, "leader")) == {"N1", "N", "HQ"}


def test_a_leader_of_a_region_sees_its_published_units_only(guide: DemonstrationGuide) -> None:
    leader = User.objects.create_user("south@example.org")
    south = guide.released.units.get(code="S").unit_id
    Leadership.objects.create(unit_id=str(south), user=leader, since=date(2026, 1, 1))

    assert codes(guide, leader) == {"S", "S1", "S2", "HQ"}


def test_a_deputy_sees_what_the_leader_sees_until_the_last_day(guide: DemonstrationGuide) -> None:
    deputy = User.objects.create_user("deputy@example.org")
    unit = guide.released.units.get(code="W4").unit_id
    post = Leadership.objects.create(
        unit_id=str(unit), user=deputy, since=date(2026, 1, 1), kind=Leadership.Kind.DEPUTY
    )

    assert codes(guide, deputy) == {"W4", "W", "HQ"}

    post.until = timezone.localdate() - timedelta(days=1)
    post.save()
    assert codes(guide, deputy) == set()
    assert not campaigns_with_results_for(deputy).exists()


def test_hr_sees_every_unit_an_analyst_the_company_and_a_stranger_nothing(
    guide: DemonstrationGuide,
) -> None:
    stranger = User.objects.create_user("stranger@example.org")

    assert len(codes(guide, user(guide, "executive"))) == 31
    assert codes(guide, user(guide, "analyst")) == {"HQ"}
    assert codes(guide, stranger) == set()
    assert guide.released in campaigns_with_results_for(user(guide, "leader"))
    assert not campaigns_with_results_for(stranger).exists()


def test_nobody_sees_units_of_an_open_campaign(guide: DemonstrationGuide) -> None:
    campaign = Campaign.objects.get(state=CampaignState.OPEN)

    assert not visible_units(user(guide, "executive"), campaign).exists()
    assert not visible_units(user(guide, "leader"), campaign).exists()


def test_one_page_reads_one_unit_and_the_company(
    guide: DemonstrationGuide, django_assert_num_queries: object
) -> None:
    assessment = current_assessment(guide.released)
    assert assessment is not None
    unit = guide.released.units.get(code="N1")

    with django_assert_num_queries(1):  # type: ignore[operator]
        result = assessment_result(assessment, units=[unit.pk])

    assert [entry.name for entry in result.units] == ["Northlight Equipment", "Harbour Cranes"]
