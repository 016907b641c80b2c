"""What holds a unit back, what may be raised, and what a team may talk about."""

from collections.abc import Mapping, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diagnostics.scoring.results import Diagnosis, LeverResult
from diagnostics.wording.element_advice import questions, suggestions
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.levers import bottleneck_sentence, lever_sentence, shortfall_sentence
from diagnostics.wording.page_parts import LeverReading, SuggestionGroup
from diagnostics.wording.verdicts import BELOW_HALF
from qca.calibration.anchors import Anchors, scores_at
from qca.patterns.shortfalls import TARGET_MEMBERSHIP
from qca.patterns.verdicts import DEFAULT_POLICY, Level
from survey.instrument.content import FUNCTIONS

NOTABLE_GAIN = 0.02  # of membership, by which a pair must beat a single element to be named


def bottleneck_sentences(
    diagnosis: Diagnosis, anchors: Mapping[str, tuple[float, ...]], names: Glossary
) -> tuple[str, ...]:
    """Name the bottleneck and say how far it is from being reached; never so for rule-bending."""
    if not diagnosis.bottlenecks:
        return ()
    pattern = names.pattern(diagnosis.verdict.leading)
    scores = {entry.construct: entry for entry in diagnosis.scores}
    lowest = scores[diagnosis.bottlenecks[0]]
    if lowest.level is Level.WELL_INSIDE:
        return (_("Nothing holds back: all that %s asks for is well inside.") % pattern,)
    sentences = [bottleneck_sentence(diagnosis.bottlenecks, pattern, names)]
    for code in diagnosis.bottlenecks:
        if code not in names.sensitive:
            three = [Anchors(*anchors[code])]
            goals = (
                float(scores_at(TARGET_MEMBERSHIP, three)[0]),
                float(scores_at(DEFAULT_POLICY.well_inside, three)[0]),
            )
            sentences.append(shortfall_sentence(scores[code], goals, names))
    return tuple(sentences)


def lever_readings(
    diagnosis: Diagnosis, names: Glossary, *, functions: Sequence[str] = FUNCTIONS
) -> tuple[LeverReading, ...]:
    """Return the best two single elements, and the best pair where it brings notably more.

    Suggestions are those for the functions that the reader's unit has.
    """
    chosen = chosen_levers(diagnosis)
    before = diagnosis.verdict.membership or 0.0
    suggested = {code for lever in chosen if len(lever.elements) == 1 for code in lever.elements}
    readings = [
        LeverReading(
            title=", ".join(names.constructs[code] for code in lever.elements),
            claim=lever_sentence(lever, before, names),
            groups=_groups(lever, suggested, names, functions),
        )
        for lever in chosen
    ]
    if set(diagnosis.bottlenecks) & names.sensitive:
        readings.append(_instead_of_bending(diagnosis, names, functions))
    return tuple(readings)


def chosen_levers(diagnosis: Diagnosis) -> tuple[LeverResult, ...]:
    """Return the levers that are named, the easier ones first."""
    singles = [lever for lever in diagnosis.levers if len(lever.elements) == 1][:2]
    least = max((lever.gain for lever in singles), default=0.0) + NOTABLE_GAIN
    pairs = [lever for lever in diagnosis.levers if len(lever.elements) > 1 and lever.gain >= least]
    return (*singles, *pairs[:1])


def _groups(
    lever: LeverResult, suggested: set[str], names: Glossary, functions: Sequence[str]
) -> tuple[SuggestionGroup, ...]:
    """Suggestions for the elements of a lever; a pair repeats none that stands with a single."""
    elements = [
        code for code in lever.elements if len(lever.elements) == 1 or code not in suggested
    ]
    groups = []
    for code in elements:
        for function in functions:
            items = suggestions(code, function)
            label = _function_label(function)
            if len(lever.elements) > 1:
                label, items = f"{names.constructs[code]}: {label}", items[:2]
            if items:
                groups.append(SuggestionGroup(label, items))
    return tuple(groups)


def _function_label(function: str) -> str:
    return {
        "operations": _("In service operations you could"),
        "sales": _("In service sales you could"),
    }[function]


def _instead_of_bending(
    diagnosis: Diagnosis, names: Glossary, functions: Sequence[str]
) -> LeverReading:
    code = next(code for code in diagnosis.bottlenecks if code in names.sensitive)
    values = {
        "pattern": names.pattern(diagnosis.verdict.leading),
        "element": names.mention(code),
        "other": names.pattern(diagnosis.pattern_without_bending),
    }
    claim = _(
        "%(pattern)s counts on %(element)s where formal process falls short. That is not something "
        "to raise. A sanctioned way to depart from procedure does the same work."
    )
    if diagnosis.pattern_without_bending:
        claim += " " + _("%(other)s is the pattern that does without it.")
    groups = [
        SuggestionGroup(_function_label(function), suggestions(code, function))
        for function in functions
    ]
    return LeverReading(
        _("A sanctioned way instead"),
        claim % values,
        tuple(group for group in groups if group.items),
    )


def notes(diagnosis: Diagnosis, names: Glossary) -> tuple[str, ...]:
    """Return remarks on compensation, on much rule-bending, and on having no lever."""
    found = [
        _("%(lacked)s is low here, and the pattern does without it: it leans on %(instead)s.")
        % {"lacked": capfirst(names.mention(lacked)), "instead": names.mention(*instead)}
        for lacked, instead in diagnosis.compensations.items()
        if diagnosis.verdict.kind not in BELOW_HALF and lacked not in names.sensitive
    ]
    for score in diagnosis.scores:
        if score.construct in names.sensitive and score.level is Level.WELL_INSIDE:
            found.append(
                _(
                    "There is a lot of %(element)s here. That asks which process is in the way: "
                    "unclear or outdated procedures are the usual reason."
                )
                % {"element": names.mention(score.construct)}
            )
    if not diagnosis.levers and not set(diagnosis.bottlenecks) & names.sensitive:
        found.append(
            _(
                "Half a point more on any element that may be raised, or on any two, would change "
                "little."
            )
        )
    return tuple(found)


def team_questions(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to talk about: first whether the picture is right, then the weakest elements."""
    first = _("Do we recognise ourselves in this picture? Where not, and what did it miss?")
    last = _("Which one thing will we do differently until we meet again, and who sees to it?")
    return (first, *(text for code in codes[:2] for text in questions(code)), last)
