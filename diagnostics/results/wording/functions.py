"""What is said of service operations and service sales side by side, company and areas."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.charts.alignment_map import AlignmentMap
from diagnostics.results.wording.alignment import alignment_table
from diagnostics.results.wording.alignment_maps import alignment_map
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.figures import configuration_figure, profile_figure
from diagnostics.scoring.results import (
    AlignmentResult,
    AssessmentResult,
    ConstructScore,
    Diagnosis,
    FunctionResult,
    Profile,
    UnitResult,
)
from diagnostics.wording.glossary import Glossary, function_name, glossary
from diagnostics.wording.numbers import band_words, membership_text, one_decimal
from diagnostics.wording.page_parts import (
    AlignmentTable,
    ConfigurationFigure,
    Fact,
    PatternTestTable,
    ProfileFigure,
    Setting,
)
from diagnostics.wording.verdicts import headline


@dataclass(frozen=True, slots=True)
class FunctionReading:
    """One function of the company: its verdict, its profile, its patterns."""

    code: str
    title: str
    headline: str
    band: str
    profile: ProfileFigure | None
    configuration: ConfigurationFigure | None

    @property
    def profile_id(self) -> str:
        """What tells the profile's picture from the other function's."""
        return f"profile-{self.code}"

    @property
    def configuration_id(self) -> str:
        """What tells the patterns' picture from the other function's."""
        return f"configuration-{self.code}"


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area in which both functions may be told apart."""

    name: str
    operations: str
    sales: str
    overlap: str
    farthest: str


@dataclass(frozen=True, slots=True)
class FunctionsReading:
    """Everything that the comparison of functions says."""

    setting: Setting
    language: str
    headline: str
    explanation: tuple[str, ...]
    band: str
    functions: tuple[FunctionReading, ...]
    alignment: AlignmentTable | None
    areas: tuple[AreaRow, ...]
    map: AlignmentMap | None  # of the areas
    pattern_test: tuple[PatternTestTable, ...]
    pattern_test_words: tuple[str, ...]
    limits: tuple[str, ...]
    method: tuple[Fact, ...]


def functions_reading(
    assessment: AssessmentResult, *, setting: Setting, language: str
) -> FunctionsReading:
    """Return everything that may be said of the two functions, in one language."""
    company = company_reading(assessment, setting=setting, language=language)
    root = assessment.unit(assessment.company.root)
    with override(language):
        names = glossary(assessment.method, language)
        areas = [unit for unit in assessment.units if unit.unit != root.unit]
        return FunctionsReading(
            setting=setting,
            language=language,
            headline=_headline(root),
            explanation=_explanation(root, names),
            band=company.band,
            functions=tuple(_function(one, root, assessment, language) for one in root.functions),
            alignment=alignment_table(root, root.alignment, names, assessment.method)
            if root.alignment
            else None,
            areas=tuple(
                _area(unit, unit.alignment, assessment, names)
                for unit in areas
                if unit.alignment is not None
            ),
            map=alignment_map(areas, names),
            pattern_test=company.pattern_test,
            pattern_test_words=company.pattern_test_words,
            limits=company.limits,
            method=company.method,
        )


def compares_functions(assessment: AssessmentResult) -> bool:
    """Whether there is anything to compare: both functions of the company may be told apart."""
    return len(assessment.unit(assessment.company.root).functions) > 1


def _headline(root: UnitResult) -> str:
    leading = [one.diagnosis.verdict.leading for one in root.functions if one.diagnosis]
    if len(leading) < 2:
        return _("Operations and sales side by side")
    if len(set(leading)) == 1:
        return _("The same pattern is ahead in both functions")
    return _("A different pattern is ahead in each function")


def _explanation(root: UnitResult, names: Glossary) -> tuple[str, ...]:
    if root.alignment is None:
        return ()
    sentences = []
    farthest = _farthest(root.alignment, names)
    if farthest:
        sentences.append(_("They differ most in %(difference)s.") % {"difference": farthest})
    if root.alignment.overlap is not None:
        sentences.append(
            _("Their memberships overlap by %(overlap)s; 1 is the same in every element.")
            % {"overlap": membership_text(root.alignment.overlap)}
        )
    return tuple(sentences)


def _function(
    one: FunctionResult, root: UnitResult, assessment: AssessmentResult, language: str
) -> FunctionReading:
    names = glossary(assessment.method, language, function=one.function)
    shown = one.diagnosis or one.profile
    title = capfirst(function_name(one.function))
    crossovers = {assessment.anchors[code][1] for code in names.constructs}
    return FunctionReading(
        code=one.function,
        title=title,
        headline=headline(one.diagnosis.verdict, names) if one.diagnosis else "",
        band=band_words(shown.source.band) if shown else "",
        profile=profile_figure(
            (*shown.scores, *_compared_only(one, shown, root)),
            who=title,
            crossover=crossovers.pop() if len(crossovers) == 1 else None,
            names=names,
        )
        if shown
        else None,
        configuration=configuration_figure(
            one.diagnosis,
            assessment.method.pattern_set.for_function(one.function),
            who=title,
            names=names,
        )
        if one.diagnosis
        else None,
    )


def _compared_only(
    one: FunctionResult, shown: Profile | Diagnosis, root: UnitResult
) -> Iterator[ConstructScore]:
    """Yield scores that stand in the comparison only, such as that of rule-bending."""
    known = {score.construct for score in shown.scores}
    for entry in root.alignment.differences if root.alignment else ():
        if entry.construct not in known:
            score = entry.operations if one.function == "operations" else entry.sales
            yield ConstructScore(
                construct=entry.construct,
                score=score,
                interval=None,
                membership=None,
                membership_interval=None,
                level=None,
                company=None,
                band=shown.source.band,
            )


def _area(
    unit: UnitResult, alignment: AlignmentResult, assessment: AssessmentResult, names: Glossary
) -> AreaRow:
    verdicts = {
        one.function: headline(
            one.diagnosis.verdict,
            glossary(assessment.method, names.language, function=one.function),
        )
        for one in unit.functions
        if one.diagnosis is not None
    }
    return AreaRow(
        name=unit.name,
        operations=verdicts.get("operations", ""),
        sales=verdicts.get("sales", ""),
        overlap=membership_text(alignment.overlap),
        farthest=_farthest(alignment, names),
    )


def _farthest(alignment: AlignmentResult, names: Glossary) -> str:
    """Name the element in which the functions differ most, and which of them is higher."""
    if not alignment.differences:
        return ""
    widest = max(alignment.differences, key=lambda entry: abs(entry.difference))
    points = abs(round(widest.difference, 1))
    if not points:
        return ""
    values = {"element": names.mention(widest.construct), "points": one_decimal(points)}
    if widest.difference > 0:
        return _("%(element)s (operations higher by %(points)s points)") % values
    return _("%(element)s (sales higher by %(points)s points)") % values
