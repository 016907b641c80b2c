"""Sizes are shown as bands, and never where a group is too small."""

from itertools import groupby

import pytest

from survey.policy import SILENT_KNOWN, band_ends, participation_band, size_band


def test_a_size_is_shown_as_its_band_only() -> None:
    bands = [(band, len(list(same))) for band, same in groupby(size_band(n) for n in range(1001))]

    assert bands == [("", 5), ("5-9", 5), ("10-19", 10), ("20-49", 30), ("50+", 951)]


@pytest.mark.parametrize("touched", [0, 1, 4, 30])
@pytest.mark.parametrize("invited", range(1, 121))
def test_no_band_of_participation_tells_that_all_others_or_that_none_have_answered(
    invited: int, touched: int
) -> None:
    bands = [participation_band(answered, invited, touched) for answered in range(invited + 1)]
    ends = [band_ends(band) for band in bands]
    others = max(0, invited - touched)

    assert all(
        least <= answered and (most is None or answered <= most)
        for answered, (least, most) in enumerate(ends)
    )
    # Of those of whom nothing is known, at least three more might have answered in each band.
    assert len(set(bands[max(0, others - SILENT_KNOWN) :])) == 1
    assert bands[0] == bands[min(4, invited)]


def test_in_a_small_group_that_a_manager_has_touched_nothing_is_told() -> None:
    told = {participation_band(answered, 12, 3) for answered in range(13)}

    assert told == {""}


def test_participation_tells_nobody_apart_from_one_to_four() -> None:
    bands = groupby(participation_band(n, 60) for n in range(21))

    assert [(band, len(list(same))) for band, same in bands] == [
        ("0-4", 5), ("5-9", 5), ("10-19", 10), ("20-49", 1),
    ]  # fmt: skip
