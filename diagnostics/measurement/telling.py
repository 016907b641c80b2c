"""What a study tells of answers that nobody reads one by one: numbers of people in tens."""

from dataclasses import replace

from diagnostics.measurement.results import Fit, GroupScales, MeasurementResult, ScaleFigures
from survey.policy import TOLD_SHARE_DIGITS, told_size


def told_study(result: MeasurementResult) -> MeasurementResult:
    """Return a study in which no number of people is exact; one told already stays as it is.

    How many work in a function is told elsewhere. The exact number of those whose function is
    told, less that, would be the people of the teams that are too small for it.
    """
    return replace(
        result,
        missing=tuple(
            replace(one, value=round(one.value, TOLD_SHARE_DIGITS)) for one in result.missing
        ),
        groups=tuple(map(_group, result.groups)),
        invariance=None
        if result.invariance is None
        else replace(
            result.invariance,
            configural=_fit(result.invariance.configural),
            metric=_fit(result.invariance.metric),
            scalar=_fit(result.invariance.scalar),
        ),
    )


def _group(group: GroupScales) -> GroupScales:
    return replace(
        group,
        respondents=told_size(group.respondents),
        scales=tuple(map(_scale, group.scales)),
        fit=None if group.fit is None else _fit(group.fit),
    )


def _scale(scale: ScaleFigures) -> ScaleFigures:
    items = tuple(replace(item, answers=told_size(item.answers)) for item in scale.items)
    return replace(scale, items=items)


def _fit(fit: Fit) -> Fit:
    sizes = told_size(fit.respondents), told_size(fit.complete)
    return replace(fit, respondents=sizes[0], complete=sizes[1])
