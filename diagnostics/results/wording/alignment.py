"""Operations and sales of one area side by side."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.scoring.method import Method
from diagnostics.scoring.results import (
    AlignmentResult,
    ElementDifference,
    FunctionResult,
    UnitResult,
)
from diagnostics.wording.glossary import Glossary, function_name, glossary
from diagnostics.wording.numbers import band_words, membership_text, score_words, signed_points
from diagnostics.wording.page_parts import AlignmentTable, DifferenceRow
from diagnostics.wording.verdicts import headline
from survey.policy import MEAN_HIGH, MEAN_LOW


def alignment_table(
    unit: UnitResult, result: AlignmentResult, names: Glossary, method: Method
) -> AlignmentTable:
    """Return the scores of both functions, their difference and its interval."""
    sentences = [_("Operations and sales side by side, in scale points.")]
    sentences += [_function_sentence(entry, names, method) for entry in unit.functions]
    if result.overlap is not None:
        sentences.append(
            _(
                "Their memberships in the elements overlap by %(overlap)s, where 1 is the same in "
                "every element."
            )
            % {"overlap": membership_text(result.overlap)}
        )
    if any(entry.interval is None for entry in result.differences):
        sentences.append(
            _(
                "An interval needs ten answers in both functions that may be told apart one by "
                "one, and scores within 1.5 and 6.5."
            )
        )
    return AlignmentTable(
        " ".join(filter(None, sentences)),
        tuple(_row(entry, names) for entry in result.differences),
    )


def _row(entry: ElementDifference, names: Glossary) -> DifferenceRow:
    return DifferenceRow(
        name=names.constructs[entry.construct],
        operations=score_words(entry.operations),
        sales=score_words(entry.sales),
        difference=difference_words(entry),
        interval=interval_of_difference(entry),
    )


def difference_words(entry: ElementDifference) -> str:
    """Return the difference; only a limit of it where a score is shown as a limit."""
    ends = {_end(entry.operations), -_end(entry.sales)} - {0}
    if not ends:
        return signed_points(entry.difference)
    if len(ends) > 1:
        return ""
    return f"{'≥' if ends == {1} else '≤'} {signed_points(entry.difference)}"


def _end(score: float) -> int:
    """Return 1 at the upper end of what is shown, -1 at the lower one, 0 between."""
    return int(score >= MEAN_HIGH) - int(score <= MEAN_LOW)


def _function_sentence(entry: FunctionResult, names: Glossary, method: Method) -> str:
    """Size and verdict of one function, by the patterns that are in force for it."""
    part = entry.profile or entry.diagnosis
    if part is None:
        return ""
    own_names = glossary(method, names.language, function=entry.function)
    values = {
        "function": capfirst(function_name(entry.function)),
        "band": band_words(part.source.band),
        "verdict": headline(entry.diagnosis.verdict, own_names) if entry.diagnosis else "",
    }
    if entry.diagnosis is None:
        return _("%(function)s: %(band)s.") % values
    return _("%(function)s (%(band)s): %(verdict)s.") % values


def interval_of_difference(entry: ElementDifference) -> str:
    """Return the interval of a difference, empty where there is none."""
    if entry.interval is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": signed_points(entry.interval.low),
        "high": signed_points(entry.interval.high),
    }
