"""Sizes are shown as bands, and never where a group is too small."""

from itertools import groupby

import pytest

from survey.policy import band_ends, participation_band, size_band


def test_a_size_is_shown_as_its_band_only() -> None:
    bands = [(band, len(list(same))) for band, same in groupby(size_band(n) for n in range(1001))]

    assert bands == [("", 5), ("5-9", 5), ("10-19", 10), ("20-49", 30), ("50+", 951)]


@pytest.mark.parametrize("invited", range(1, 121))
def test_no_band_of_participation_tells_that_all_or_that_none_have_answered(invited: int) -> None:
    bands = [participation_band(answered, invited) for answered in range(invited + 1)]
    ends = [band_ends(band) for band in bands]

    assert all(
        least <= answered and (most is None or answered <= most)
        for answered, (least, most) in enumerate(ends)
    )
    assert bands[-1] == bands[-2]
    assert bands[0] == bands[1]


def test_participation_tells_nobody_apart_from_one_to_four() -> None:
    bands = groupby(participation_band(n, 60) for n in range(21))

    assert [(band, len(list(same))) for band, same in bands] == [
        ("0-4", 5), ("5-9", 5), ("10-19", 10), ("20-49", 1),
    ]  # fmt: skip
