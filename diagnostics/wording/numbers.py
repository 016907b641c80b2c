"""Numbers as every page, chart and sentence writes them."""

from math import floor

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diagnostics.scoring.results import ConstructScore, Interval
from qca.patterns.verdicts import ROUNDING
from survey.policy import MEAN_HIGH, MEAN_LOW


def figure(value: float | None) -> str:
    """Return a figure with three decimals, or a dash where it is not defined.

    >>> figure(0.80449), figure(None)
    ('0.804', '–')
    """
    return "–" if value is None else number_format(round(value, 3), 3)


def short(value: float, digits: int = 6) -> str:
    """Return a number with no more digits than it needs, as the language writes it.

    >>> short(4.1), short(4.0), short(0.123456, 4)
    ('4.1', '4', '0.1235')
    """
    return number_format(f"{value:.{digits}g}")


def share(value: float) -> str:
    """Return a share in whole per cent.

    >>> share(0.806)
    '81 %'
    """
    return f"{value * 100:.0f} %"


def membership_text(membership: float | None) -> str:
    """Return a membership with two decimals, in English without a zero, as the literature does.

    Cut, not rounded: .4999 is "not yet" and must not be printed as .50.

    >>> membership_text(0.674), membership_text(0.4999), membership_text(1.0), membership_text(None)
    ('.67', '.49', '1.00', '')
    """
    if membership is None:
        return ""
    text = number_format(shown_membership(membership), 2)
    return text.removeprefix("0") if text.startswith("0.") else text


def shown_membership(membership: float) -> float:
    """Return a membership cut to the two decimals that are printed of it."""
    return floor(membership * 100 + ROUNDING) / 100


def statistic_text(value: float | None) -> str:
    """Return a statistic of two decimals as it was told, in English without a zero.

    >>> statistic_text(0.29), statistic_text(1.0), statistic_text(None)
    ('.29', '1.00', '–')
    """
    if value is None:
        return "–"
    text = number_format(f"{value:.2f}", 2)
    return text.removeprefix("0") if text.startswith("0.") else text


def signed_text(value: float | None) -> str:
    """Return a statistic that may be below zero.

    >>> signed_text(-0.05), signed_text(0.05), signed_text(-0.001)
    ('−.05', '.05', '.00')
    """
    if value is None or round(value, 2) >= 0:
        return statistic_text(None if value is None else abs(value))
    return "−" + statistic_text(-value)


def one_decimal(number: float) -> str:
    """Return a number rounded to one decimal; Django's own formatting would cut it.

    >>> one_decimal(4.56)
    '4.6'
    """
    return number_format(round(number, 1), 1)


def score_words(score: float) -> str:
    """Return a score in scale points with one decimal; the ends of the scale only as limits.

    >>> score_words(4.64), score_words(6.5), score_words(1.2)
    ('4.6', '≥ 6.5', '≤ 1.5')
    """
    if score <= MEAN_LOW:
        return f"≤ {one_decimal(MEAN_LOW)}"
    if score >= MEAN_HIGH:
        return f"≥ {one_decimal(MEAN_HIGH)}"
    return one_decimal(score)


def interval_words(interval: Interval | None) -> str:
    """Return an interval in scale points, cut at the ends that are shown."""
    if interval is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": one_decimal(max(interval.low, MEAN_LOW)),
        "high": one_decimal(min(interval.high, MEAN_HIGH)),
    }


def score_and_interval(entry: ConstructScore) -> str:
    """Return a score with its interval behind it, where there is one."""
    if entry.interval is None:
        return score_words(entry.score)
    return f"{score_words(entry.score)} ({interval_words(entry.interval)})"


def points_words(points: float) -> str:
    """Return a distance on the answer scale as a person would say it.

    >>> [points_words(points) for points in (0.01, 0.24, 0.5, 1.0)]
    ['one tenth of a point', 'two tenths of a point', 'half a point', 'one point']
    >>> points_words(1.31)
    '1.3 points'
    """
    tenths = max(round(points * 10), 1)
    in_words = {
        1: _("one tenth of a point"),
        2: _("two tenths of a point"),
        3: _("three tenths of a point"),
        4: _("four tenths of a point"),
        5: _("half a point"),
        6: _("six tenths of a point"),
        7: _("seven tenths of a point"),
        8: _("eight tenths of a point"),
        9: _("nine tenths of a point"),
        10: _("one point"),
    }
    return in_words.get(tenths) or _("%(points)s points") % {"points": one_decimal(tenths / 10)}


def signed_points(points: float) -> str:
    """Return a difference in scale points to one decimal, with its sign.

    >>> signed_points(0.34), signed_points(-0.21), signed_points(-0.04)
    ('+0.3', '−0.2', '0.0')
    """
    shown = round(points, 1)
    if not shown:
        return one_decimal(0.0)
    return ("+" if shown > 0 else "−") + one_decimal(abs(shown))


def band_words(band: str) -> str:
    """Return a group's size as the band in which it may be shown.

    >>> band_words("10-19"), band_words("50+")
    ('10–19 answers', '50 or more answers')
    """
    if band.endswith("+"):
        return _("%(least)s or more answers") % {"least": band.removesuffix("+")}
    return _("%(band)s answers") % {"band": band.replace("-", "–")}
