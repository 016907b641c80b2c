"""Sizes are shown as bands, and never where a group is too small."""

from itertools import groupby

from survey.policy import participation_band, size_band


def test_a_size_is_shown_as_its_band_only() -> None:
    bands = [(band, len(list(same))) for band, same in groupby(size_band(n) for n in range(1001))]

    assert bands == [("", 5), ("5-9", 5), ("10-19", 10), ("20-49", 30), ("50+", 951)]


def test_participation_tells_nobody_apart_from_one_to_four() -> None:
    bands = groupby(participation_band(n) for n in range(21))

    assert [(band, len(list(same))) for band, same in bands] == [
        ("0", 1), ("1-4", 4), ("5-9", 5), ("10-19", 10), ("20-49", 1),
    ]  # fmt: skip
