"""What is said of one unit: of its own answers, of a larger group's, or why nothing is said."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.results.wording.advice import (
    FUNCTIONS,
    bottleneck_sentences,
    lever_readings,
    notes,
    team_questions,
)
from diagnostics.results.wording.alignment import alignment_table
from diagnostics.results.wording.figures import configuration_figure, profile_figure
from diagnostics.results.wording.method_box import limit_sentences, method_facts
from diagnostics.results.wording.sources import basis, source_name, whose_answers
from diagnostics.results.wording.standings import standing_reading
from diagnostics.results.wording.support import advice_is_doubtful, support_sentences
from diagnostics.scoring.results import (
    AssessmentResult,
    Diagnosis,
    Profile,
    UnitResult,
)
from diagnostics.wording.glossary import Glossary, glossary
from diagnostics.wording.page_parts import (
    ConfigurationFigure,
    ProfileFigure,
    Setting,
    UnitReading,
)
from diagnostics.wording.verdicts import (
    borderline_sentence,
    headline,
    stability_sentence,
    verdict_sentence,
)
from qca.patterns.verdicts import VerdictKind
from survey.policy import BANDS, COMPARISON_FLOOR, SENSITIVE_FLOOR, size_band

SMALL_BANDS = frozenset(label for least, label in BANDS if least < COMPARISON_FLOOR)


def unit_reading(
    assessment: AssessmentResult,
    unit: str,
    *,
    setting: Setting,
    language: str,
    functions: Sequence[str] = FUNCTIONS,
) -> UnitReading:
    """Return everything that may be said of a unit, in one language.

    `functions` are those that the unit has; suggestions are made for these.
    """
    with override(language):
        return _reading(assessment, assessment.unit(unit), setting, language, functions)


def _reading(
    assessment: AssessmentResult,
    unit: UnitResult,
    setting: Setting,
    language: str,
    functions: Sequence[str],
) -> UnitReading:
    names = glossary(assessment.method, language)
    diagnosis = unit.diagnosis
    shown = _shown_profile(unit)
    band = shown.source.band if shown else ""
    is_small = not band or band in SMALL_BANDS
    return UnitReading(
        setting=setting,
        language=language,
        unit=unit.name,
        band=basis(shown, diagnosis),
        is_small=is_small,
        headline=_headline(unit, names),
        explanation=_explanation(unit, names),
        cautions=_cautions(assessment, diagnosis, names, functions),
        profile=_profile_figure(assessment, shown, names),
        configuration=_configuration_figure(assessment, diagnosis, names),
        alignment=alignment_table(unit, unit.alignment, names, assessment.method)
        if unit.alignment
        else None,
        bottleneck=_bottleneck(assessment, shown, diagnosis, names),
        advice_is_doubtful=diagnosis is not None
        and advice_is_doubtful(assessment.company, diagnosis.verdict.leading, functions),
        levers=lever_readings(diagnosis, names, functions=functions) if diagnosis else (),
        notes=notes(diagnosis, names) if diagnosis else (),
        questions=team_questions(_weakest(assessment, shown, diagnosis)) if shown else (),
        limits=limit_sentences(setting, is_small=is_small),
        method=method_facts(assessment, setting, band=band, names=names),
        standing=standing_reading(unit, names),
    )


def _shown_profile(unit: UnitResult) -> Profile | Diagnosis | None:
    """The scores to draw: the diagnosis's, unless only the profile is the unit's own."""
    if unit.diagnosis is None:
        return unit.profile
    if unit.profile is None or unit.diagnosis.source.is_own or not unit.profile.source.is_own:
        return unit.diagnosis
    return unit.profile


def _headline(unit: UnitResult, names: Glossary) -> str:
    if unit.diagnosis is not None and unit.diagnosis.source.is_own:
        return headline(unit.diagnosis.verdict, names)
    if unit.profile is not None and unit.profile.source.is_own:
        return _("A profile of its own, and no pattern of its own")
    if unit.diagnosis is not None:
        values = {
            "group": source_name(unit.diagnosis.source),
            "verdict": headline(unit.diagnosis.verdict, names),
        }
        return _("Within %(group)s: %(verdict)s") % values
    if unit.profile is not None:
        return _("Within %(group)s: a profile") % {"group": source_name(unit.profile.source)}
    return _("Too few answers for a result")


def _explanation(unit: UnitResult, names: Glossary) -> tuple[str, ...]:
    if unit.diagnosis is None:
        return _without_pattern(unit)
    verdict = unit.diagnosis.verdict
    sentences = [] if unit.diagnosis.source.is_own else [whose_answers(unit.diagnosis.source, unit)]
    sentences.append(verdict_sentence(verdict, names))
    named = {
        VerdictKind.ELEMENT_FIRST: (),
        VerdictKind.BETWEEN: (verdict.leading, verdict.second, *verdict.also),
    }.get(verdict.kind, (verdict.leading,))
    sentences += [
        _("%(pattern)s means: %(summary)s.")
        % {"pattern": names.patterns[code], "summary": names.summaries[code]}
        for code in named
        if code
    ]
    sentences.append(stability_sentence(verdict, names))
    return tuple(filter(None, sentences))


def _without_pattern(unit: UnitResult) -> tuple[str, ...]:
    if unit.profile is None:
        return (
            _(
                "Results are shown for groups of five answers or more, so that nobody can be told "
                "apart. The answers given here count in the results of the levels above only where "
                "enough of them come together."
            ),
        )
    sentences = [] if unit.profile.source.is_own else [whose_answers(unit.profile.source, unit)]
    if unit.profile.source.band == size_band(SENSITIVE_FLOOR - 1):
        reason = _("this group has fewer")
    else:
        reason = _("too few answered one of the elements")
    sentences.append(
        _("Rule-bending, patterns and levers are shown from ten answers on; %s.") % reason
    )
    return tuple(sentences)


def _cautions(
    assessment: AssessmentResult,
    diagnosis: Diagnosis | None,
    names: Glossary,
    functions: Sequence[str],
) -> tuple[str, ...]:
    if diagnosis is None:
        return ()
    verdict = diagnosis.verdict
    found = (
        borderline_sentence(verdict, diagnosis.other_lens, names),
        *support_sentences(assessment.company, verdict.leading, names, functions),
    )
    return tuple(filter(None, found))


def _profile_figure(
    assessment: AssessmentResult, shown: Profile | Diagnosis | None, names: Glossary
) -> ProfileFigure | None:
    if shown is None:
        return None
    crossovers = {assessment.anchors[code][1] for code in names.constructs}
    is_root = shown.source.unit == assessment.company.root
    return profile_figure(
        [replace(entry, company=None) for entry in shown.scores] if is_root else shown.scores,
        who=source_name(shown.source),
        crossover=crossovers.pop() if len(crossovers) == 1 else None,
        names=names,
    )


def _configuration_figure(
    assessment: AssessmentResult, diagnosis: Diagnosis | None, names: Glossary
) -> ConfigurationFigure | None:
    if diagnosis is None:
        return None
    patterns = assessment.method.pattern_set.for_function()
    return configuration_figure(diagnosis, patterns, who=source_name(diagnosis.source), names=names)


def _bottleneck(
    assessment: AssessmentResult,
    shown: Profile | Diagnosis | None,
    diagnosis: Diagnosis | None,
    names: Glossary,
) -> tuple[str, ...]:
    if diagnosis is not None:
        sentences = bottleneck_sentences(diagnosis, assessment.anchors, names)
        if diagnosis.source.is_own or not sentences:
            return sentences
        whose = {"group": source_name(diagnosis.source)}
        return (_("Of all of “%(group)s” together:") % whose + " " + sentences[0], *sentences[1:])
    lowest = _weakest(assessment, shown, None)
    if not lowest:
        return ()
    return (_("The lowest score is that of %(element)s.") % {"element": names.mention(*lowest)},)


def _weakest(
    assessment: AssessmentResult, shown: Profile | Diagnosis | None, diagnosis: Diagnosis | None
) -> tuple[str, ...]:
    """The bottleneck; without a pattern, the lowest of the elements that some pattern requires."""
    if diagnosis is not None and diagnosis.bottlenecks:
        return diagnosis.bottlenecks
    required = {code for entry in assessment.method.pattern_set.patterns for code in entry.required}
    scores = [] if shown is None else [s for s in shown.scores if s.construct in required]
    return (min(scores, key=lambda entry: entry.score).construct,) if scores else ()
