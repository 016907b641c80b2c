"""The thief's tests of chance neither fail for nothing nor miss a leak."""

import pytest

from survey.models import Campaign
from tests.proofs.campaigns import AnsweredCampaign
from tests.proofs.figures import Size
from tests.proofs.storage import thief
from tests.proofs.storage.thief import Link, Wave, after_opening

BY_CHANCE, TOO_MANY = 20, 60  # of 200 links; a tenth is right by chance


def test_a_link_is_judged_by_the_exact_binomial_test() -> None:
    assert Link("place", found=1, trials=1).p_value == pytest.approx(1 / 10, abs=1e-12)
    assert Link("place", found=2, trials=2).p_value == pytest.approx(1 / 100, abs=1e-12)
    assert Link("place", BY_CHANCE, 200).is_chance
    assert not Link("place", TOO_MANY, 200).is_chance


@pytest.mark.parametrize(
    ("hits", "judged", "is_met"),
    [
        pytest.param([BY_CHANCE], "p of 20 links of 200 by place", True, id="chance"),
        pytest.param(
            [TOO_MANY, BY_CHANCE],
            "p of 20 links of 200 by place, tried again",
            True,
            id="chance that looked like a leak",
        ),
        pytest.param(
            [TOO_MANY, TOO_MANY], "p of 60 links of 200 by place, tried again", False, id="a leak"
        ),
    ],
)
def test_only_what_is_found_twice_is_a_leak(
    monkeypatch: pytest.MonkeyPatch, hits: list[int], judged: str, is_met: bool
) -> None:
    wave = Wave(AnsweredCampaign(Campaign(), people=()), orders={}, left_over=0)
    found = iter(hits)
    monkeypatch.setattr(thief, "one_wave", lambda seed, size: wave)
    monkeypatch.setattr(thief, "links", lambda waves: [Link("place", next(found), 200)])

    left, link = after_opening(Size.QUICK)

    assert (left.measured, left.is_met) == (0, True)
    assert (link.what, link.is_met) == (f"opened: {judged}", is_met)
    assert list(found) == []
