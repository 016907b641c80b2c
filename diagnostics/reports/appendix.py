"""What a reviewer asks of the survey behind the verdicts: items, scales, calibration, tests."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.measurement.results import MeasurementResult
from diagnostics.measurement.wording.scales import MeasurementReading, measurement_reading
from diagnostics.reports.background import NO_BACKGROUND, BackgroundCounts, background_tables
from diagnostics.reports.tables import Table
from diagnostics.results.wording.company import company_reading
from diagnostics.results.wording.method_box import origin_words
from diagnostics.scoring.method import NamedPattern
from diagnostics.scoring.results import AssessmentResult, ScaleProperties
from diagnostics.wording.definition_titles import shipped_text
from diagnostics.wording.glossary import (
    Glossary,
    asked_wording,
    function_name,
    glossary,
    text_in,
)
from diagnostics.wording.numbers import score_words
from diagnostics.wording.page_parts import Fact, ParticipationRow, PatternTestTable, Setting
from qca.calibration import IDM
from survey.instrument.content import Instrument
from survey.policy import SENSITIVE_FLOOR
from survey.release.tables import Plan, ReleasedTables


@dataclass(frozen=True, slots=True)
class AppendixReading:
    """Everything that the research appendix says."""

    setting: Setting
    language: str
    band: str
    headline: str
    explanation: tuple[str, ...]
    participation: tuple[ParticipationRow, ...]
    exclusions: Table | None
    background: tuple[Table, ...]  # one a question of which anything may be told
    items: Table | None
    scales: Table | None  # in short; nothing where a study tells more
    measurement: MeasurementReading | None
    measurement_words: str
    calibration: Table
    calibration_words: tuple[str, ...]
    patterns: Table
    pattern_test: tuple[PatternTestTable, ...]
    pattern_test_words: tuple[str, ...]
    warnings: tuple[str, ...]
    elsewhere: tuple[str, ...]
    limits: tuple[str, ...]
    method: tuple[Fact, ...]


def appendix_reading(
    assessment: AssessmentResult,
    released: ReleasedTables,
    instrument: Instrument,
    *,
    setting: Setting,
    language: str,
    study: MeasurementResult | None = None,
    is_study_in_tens: bool = False,
    background: BackgroundCounts = NO_BACKGROUND,
) -> AppendixReading:
    """Return the appendix of a whole company, in one language; study: of its scales, if made.

    is_study_in_tens: its numbers of people are whole tens, and stand for that many or more.
    """
    company = company_reading(assessment, setting=setting, language=language)
    with override(language):
        names = glossary(assessment.method, language)
        return AppendixReading(
            setting=setting,
            language=language,
            band=company.band,
            headline=_("How the results came about"),
            explanation=(
                _(
                    "For readers who check: who answered, how statements and scales behave, how "
                    "answers became memberships, and how the patterns were tested."
                ),
            ),
            participation=company.participation,
            exclusions=_exclusions(assessment),
            background=background_tables(background, instrument, language),
            items=_items(assessment, released, instrument, language),
            scales=None if study else _scales(assessment.company.scales, names),
            measurement=measurement_reading(
                study, constructs=names.constructs, in_tens=is_study_in_tens
            )
            if study
            else None,
            measurement_words=_measurement_words(study),
            calibration=_calibration(assessment, names),
            calibration_words=_calibration_words(assessment),
            patterns=_patterns(assessment.method.pattern_set.patterns, language),
            pattern_test=company.pattern_test,
            pattern_test_words=company.pattern_test_words,
            warnings=company.warnings,
            elsewhere=_elsewhere(),
            limits=company.limits,
            method=company.method,
        )


def _exclusions(assessment: AssessmentResult) -> Table | None:
    """Answers left out by rule, where no rule left out so few that a difference would tell them."""
    company = assessment.company
    functions = [
        one
        for one in company.answers
        if all(counts.get(one, 0) >= SENSITIVE_FLOOR for counts in company.excluded.values())
    ]
    if not functions or not company.excluded:
        return None
    rows = tuple(
        (_rule_name(rule), *(number_format(counts[one], 0) for one in functions))
        for rule, counts in company.excluded.items()
    )
    headings = (_("Rule"), *(capfirst(function_name(one)) for one in functions))
    return Table(_("Answers left out, by the rule that left them out"), headings, rows)


def _rule_name(rule: str) -> str:
    return {
        "attention_check": _("Attention check not passed"),
        "uniform_share": _("The same answer nearly everywhere"),
    }.get(rule, rule)


def _items(
    assessment: AssessmentResult, released: ReleasedTables, instrument: Instrument, language: str
) -> Table | None:
    whole = released.unit_set(assessment.company.root, Plan.SENSITIVE)
    if whole is None:
        return None
    cells = released.cells_of(whole.key)
    means = {str(code): float(mean) for code, mean in cells["mean"].items()}
    spreads = cells["distribution"].to_dict()
    rows = tuple(
        (
            _("%(code)s (reversed)") % {"code": item.code} if item.is_reversed else item.code,
            asked_wording(item, language),
            score_words(means[item.code]),
            _deviation(spreads[item.code]),
        )
        for _construct, item in instrument.items()
        if item.code in means
    )
    headings = (_("Statement"), _("Wording"), _("Mean"), _("SD"))
    caption = _("Statements as answered, reversed ones not turned")
    return Table(caption, headings, rows, is_wide=True) if rows else None


def _deviation(counts: Sequence[int] | None) -> str:
    """Standard deviation of a released distribution of the answers 1, 2, 3 and so on."""
    if counts is None or sum(counts) < SENSITIVE_FLOOR:
        return "–"
    total = sum(counts)
    mean = sum(point * count for point, count in enumerate(counts, start=1)) / total
    squares = sum(count * (point - mean) ** 2 for point, count in enumerate(counts, start=1))
    return _figure(math.sqrt(squares / (total - 1)), 1)


def _scales(scales: Sequence[ScaleProperties], names: Glossary) -> Table | None:
    rows = tuple(
        (
            names.constructs.get(scale.construct, scale.construct),
            str(scale.items),
            _figure(scale.mean, 1),
            _figure(scale.standard_deviation, 1),
            _figure(scale.alpha, 2),
            _figure(scale.icc1, 2),
        )
        for scale in scales
    )
    headings = (
        _("Scale"), _("Statements"), _("Mean"), _("SD"), _("Alpha"), _("ICC(1)"),
    )  # fmt: skip
    caption = _(
        "Scales over all answers: Cronbach's alpha, and ICC(1), the share of the variance that "
        "lies between groups"
    )
    return Table(caption, headings, rows) if rows else None


def _measurement_words(study: MeasurementResult | None) -> str:
    if study is not None:
        return _("Marked with * where a figure misses the customary threshold.")
    return _(
        "Loadings, reliability, validity, invariance and agreement have not been computed. An "
        "analyst starts that in the workbench, under “Data quality and scales”; this appendix is "
        "then written again with them."
    )


def _calibration(assessment: AssessmentResult, names: Glossary) -> Table:
    other = assessment.other_anchors
    rows = tuple(
        (
            name,
            *(_figure(point, 2) for point in assessment.anchors[code]),
            " / ".join(_figure(point, 2) for point in other[code]) if code in other else "–",
        )
        for code, name in names.constructs.items()
    )
    headings = (
        _("Element"), _("Full out"), _("Half"), _("Full in"), _("The other calibration"),
    )  # fmt: skip
    return Table(_("Anchors in scale points"), headings, rows)


def _calibration_words(assessment: AssessmentResult) -> tuple[str, ...]:
    rule = assessment.method.calibration
    sentences = [
        _("%(title)s, version %(version)d (%(origin)s).")
        % {
            "title": shipped_text(rule.title),
            "version": rule.version,
            "origin": origin_words(rule.origin),
        },
        _(
            "Direct calibration by log odds: the anchors of full membership and full "
            "non-membership get %(inside)s and %(outside)s, constant %(constant)s."
        )
        % {
            "inside": _figure(IDM, 2),
            "outside": _figure(1 - IDM, 2),
            "constant": _figure(math.log(IDM / (1 - IDM)), 3),
        },
    ]
    return (*sentences, shipped_text(rule.note)) if rule.note else tuple(sentences)


def _patterns(patterns: Sequence[NamedPattern], language: str) -> Table:
    rows = tuple(
        (
            text_in(one.name, language),
            text_in(one.summary, language),
            one.pattern.expression,
            " ".join(sorted(one.core)) or "–",
            function_name(one.function),
        )
        for one in patterns
    )
    headings = (
        _("Pattern"), _("In words"), _("Expression"), _("Core"), _("For"),
    )  # fmt: skip
    return Table(_("The patterns that units are held against"), headings, rows, is_wide=True)


def _elsewhere() -> tuple[str, ...]:
    return (
        _(
            "The workbench computes truth tables, all three solutions with every tied model, "
            "robustness, factor models and invariance from the same answers; each analysis has an "
            "appendix of its own."
        ),
        _(
            "The files of released figures and of answers hold an R script that repeats "
            "calibration, truth tables, solutions and point verdicts, with what is expected."
        ),
    )


def _figure(value: float | None, decimals: int) -> str:
    return "–" if value is None else number_format(round(value, decimals), decimals)
