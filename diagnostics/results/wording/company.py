"""What is said of the whole company: verdicts, the test of its patterns, participation."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from diagnostics.charts.heat_map import HeatMap, HeatRow, heat_cells
from diagnostics.results.wording.method_box import limit_sentences, method_facts
from diagnostics.results.wording.pattern_tests import pattern_test_sentences, pattern_test_tables
from diagnostics.results.wording.sources import source_name
from diagnostics.results.wording.unit import unit_reading
from diagnostics.scoring.company import FEWEST_UNITS
from diagnostics.scoring.results import (
    AssessmentResult,
    CompanyResult,
    Relation,
    UnitResult,
)
from diagnostics.wording.glossary import Glossary, function_name, glossary
from diagnostics.wording.numbers import share
from diagnostics.wording.page_parts import (
    CompanyReading,
    ParticipationRow,
    Setting,
)
from diagnostics.wording.verdicts import BELOW_HALF, headline
from qca.patterns.calibration_warnings import DOMINATING
from qca.patterns.judging import shared_elements
from qca.patterns.verdicts import VerdictKind
from survey.policy import SENSITIVE_FLOOR
from survey.release.tables import FUNCTIONS

DEEPEST = 3  # levels of indentation in the heat map
Address = Callable[[str], str]  # unit key -> address of its page


def company_reading(
    assessment: AssessmentResult,
    *,
    setting: Setting,
    language: str,
    visible: frozenset[str] | None = None,
    address: Address = lambda unit: "",
) -> CompanyReading:
    """Return everything that may be said of the company; of the units, only those visible.

    `visible` None stands for every unit, as HR may see them.
    """
    root = unit_reading(assessment, assessment.company.root, setting=setting, language=language)
    with override(language):
        names = glossary(assessment.method, language)
        by_function = {
            code: glossary(assessment.method, language, function=code) for code in FUNCTIONS
        }
        return CompanyReading(
            setting=setting,
            language=language,
            band=root.band,
            headline=root.headline,
            explanation=(*root.explanation, *_verdict_counts(assessment, names)),
            warnings=(*root.cautions, *_warnings(assessment, names)),
            profile=root.profile,
            configuration=root.configuration,
            heat_map=_heat_map(assessment, names, visible, address),
            heat_map_caption=_(
                "Memberships from 0 to 1 on the same scale for every unit; the leading pattern is "
                "underlined. Numbers stand only where they are the unit's own."
            ),
            pattern_test=pattern_test_tables(assessment.company, by_function),
            pattern_test_words=pattern_test_sentences(assessment.company, by_function),
            participation=_participation(assessment.company),
            limits=limit_sentences(setting, is_small=root.is_small),
            method=method_facts(assessment, setting, band="", names=names),
        )


def _verdict_counts(assessment: AssessmentResult, names: Glossary) -> tuple[str, ...]:
    """Count the units' verdicts, where so many have one that the count points at none of them."""
    company = assessment.company
    total = sum(company.verdicts.values())
    if not total:
        return (_("No unit has ten answers of its own, so no unit has a verdict of its own."),)
    if total < FEWEST_UNITS:
        return ()
    words = {
        VerdictKind.CLEAR: _("clear"),
        VerdictKind.LEANING: _("leaning"),
        VerdictKind.BETWEEN: _("between two patterns"),
        VerdictKind.NOT_CLEAR: _("not clear"),
        VerdictKind.NONE_YET: _("without a pattern yet"),
        VerdictKind.ELEMENT_FIRST: _("%s first") % _always_required(assessment, names),
        VerdictKind.PROFILE_ONLY: _("profile only"),
    }
    counts = ", ".join(
        f"{company.verdicts[kind]} {word}"
        for kind, word in words.items()
        if kind in company.verdicts
    )
    return (
        ngettext(
            "%(total)d unit has a verdict of its own: %(counts)s.",
            "%(total)d units have a verdict of their own: %(counts)s.",
            total,
        )
        % {"total": total, "counts": counts},
    )


def _always_required(assessment: AssessmentResult, names: Glossary) -> str:
    """Name what every pattern requires: the elements that can come first."""
    patterns = assessment.method.pattern_set.qca_patterns()
    shared = shared_elements(patterns, assessment.method.elements)
    return names.mention(*(code for code in shared if code not in names.sensitive))


def _warnings(assessment: AssessmentResult, names: Glossary) -> tuple[str, ...]:
    company = assessment.company
    found = []
    if company.dominating_pattern:
        other = names.pattern(company.dominating_by_other_lens)
        found.append(
            _(
                "%(pattern)s leads in more than %(share)s of the units. That may say more about "
                "the calibration than about the units."
            )
            % {"pattern": names.pattern(company.dominating_pattern), "share": share(DOMINATING)}
            + " "
            + (
                _("By the other calibration, so does %s.") % other
                if other
                else _("By the other calibration no pattern leads in so many.")
            )
        )
    skewed = dict.fromkeys(skew.construct for skew in company.skewed)
    if skewed:
        found.append(
            _(
                "Nearly everybody, or hardly anybody, is more in than out in %(elements)s; tests "
                "of patterns with it say less."
            )
            % {"elements": names.mention(*skewed)}
        )
    if company.dropped_items:
        found.append(
            _("Left out of every score, because they did not fit their scale: %(items)s.")
            % {"items": ", ".join(company.dropped_items)}
        )
    return tuple(found)


def _heat_map(
    assessment: AssessmentResult,
    names: Glossary,
    visible: frozenset[str] | None,
    address: Address,
) -> HeatMap:
    depths = _depths(assessment.units)
    elements = [code for code in names.constructs if code != names.outcome]
    rows = [
        _heat_row(unit, depths[unit.unit], elements, names, address)
        for unit in assessment.units
        if unit.unit != assessment.company.root and (visible is None or unit.unit in visible)
    ]
    return HeatMap(
        tuple(names.constructs[code] for code in elements),
        tuple(names.patterns.values()),
        tuple(rows),
        (*elements, *names.patterns),
    )


def _depths(units: Sequence[UnitResult]) -> Mapping[str, int]:
    depths: dict[str, int] = {}
    for unit in units:
        depths[unit.unit] = 0 if unit.parent is None else depths.get(unit.parent, 0) + 1
    return {key: min(max(depth - 1, 0), DEEPEST) for key, depth in depths.items()}


def _heat_row(
    unit: UnitResult, depth: int, elements: Sequence[str], names: Glossary, address: Address
) -> HeatRow:
    """A row of memberships where they are the unit's own; else the reason why there are none."""
    diagnosis = unit.own_diagnosis
    if diagnosis is None:
        blank = heat_cells([*elements, *names.patterns], {})
        return HeatRow(unit.name, depth, "", _why_blank(unit), address(unit.unit), blank)
    in_elements = {score.construct: score.membership for score in diagnosis.scores}
    in_patterns = {score.pattern: score.membership for score in diagnosis.patterns}
    fits = diagnosis.verdict.kind not in BELOW_HALF
    leading = diagnosis.verdict.leading if fits else None  # "no pattern yet" underlines none
    return HeatRow(
        name=unit.name,
        depth=depth,
        band=diagnosis.source.band.replace("-", "–"),
        note=headline(diagnosis.verdict, names),
        address=address(unit.unit),
        cells=heat_cells(elements, in_elements)
        + heat_cells(list(names.patterns), in_patterns, leading=leading),
    )


def _why_blank(unit: UnitResult) -> str:
    if unit.profile is not None and unit.profile.source.is_own:
        return _("A profile of its own, and no pattern of its own")
    wider = unit.diagnosis or unit.profile
    if wider is None:
        return _("Too few answers for a result")
    values = {"group": source_name(wider.source)}
    if wider.source.relation is Relation.ONE_CHILD:
        return _("Only %(group)s can be shown") % values
    return _("Part of “%(group)s”") % values


def _participation(company: CompanyResult) -> tuple[ParticipationRow, ...]:
    left_out = {
        function: sum(by_function.get(function, 0) for by_function in company.excluded.values())
        for function in company.answers
    }
    return tuple(
        ParticipationRow(
            name=capfirst(function_name(function)),
            invited=_count(company.invited.get(function)),
            answered=_few() if answered < SENSITIVE_FLOOR else _count(answered),
            excluded=_few() if left_out[function] < SENSITIVE_FLOOR else _count(left_out[function]),
        )
        for function, answered in company.answers.items()
    )


def _few() -> str:
    return _("fewer than %d") % SENSITIVE_FLOOR


def _count(number: int | None) -> str:
    return "–" if number is None else number_format(number, 0, force_grouping=True)
