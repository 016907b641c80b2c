"""The method and data box, and what the numbers cannot say."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from diagnostics.scoring.method import Method
from diagnostics.scoring.older_results import FIRST_METHOD
from diagnostics.scoring.results import AssessmentResult
from diagnostics.wording.definition_titles import shipped_text
from diagnostics.wording.glossary import Glossary
from diagnostics.wording.numbers import band_words, short
from diagnostics.wording.page_parts import Fact, Setting
from qca.patterns.borderline import ANCHOR_STEP
from qca.patterns.shortfalls import TARGET_MEMBERSHIP
from qca.patterns.verdicts import DEFAULT_POLICY

ARTICLE = (
    "Sklyar, Sörhammar, Kowalkowski, Tronvoll (2025), Digital service orientation: unlocking "
    "servitization in service operations and service sales, International Journal of Operations "
    "& Production Management 45(13), 117-139"
)


def origin_words(origin: str) -> str:
    """Return where a definition comes from, in words."""
    return {
        "default": _("default, this product's proposal"),
        "custom": _("entered by the organisation"),
        "derived": _("derived from the organisation's own data"),
    }.get(origin, origin)


def method_facts(
    assessment: AssessmentResult, setting: Setting, *, band: str, names: Glossary
) -> tuple[Fact, ...]:
    """Return every version, threshold and fingerprint that fixes the result."""
    method = assessment.method
    patterns, calibration = method.pattern_set, method.calibration
    return (
        Fact(_("Data"), _data(setting, band)),
        Fact(_("Instrument"), f"{setting.instrument} ({origin_words(setting.instrument_origin)})"),
        Fact(
            _("Patterns"),
            _("%(title)s, version %(version)d (%(origin)s)")
            % {
                "title": shipped_text(patterns.title),
                "version": patterns.version,
                "origin": origin_words(patterns.origin),
            },
        ),
        Fact(
            _("Calibration"),
            _("%(title)s, version %(version)d (%(origin)s): %(anchors)s")
            % {
                "title": shipped_text(calibration.title),
                "version": calibration.version,
                "origin": origin_words(calibration.origin),
                "anchors": _anchors(assessment, names),
            },
        ),
        *_rules(method, assessment.company.method_version),
        Fact(_("The idea"), _idea()),
        Fact(
            _("Assessment"), _("number %(number)d of this release") % {"number": setting.assessment}
        ),
        Fact(_("Software"), f"Rutin {setting.software_version}"),
        Fact(_("Fingerprint of the data"), setting.release_digest),
        Fact(_("Fingerprint of the results"), setting.result_digest),
    )


def _rules(method: Method, version: int) -> tuple[Fact, ...]:
    """Return how sure results are, and which are shown at all."""
    return (
        Fact(_("Rule of the verdict"), _rule()),
        Fact(
            _("Uncertainty"),
            _uncertainty(version)
            % {"draws": number_format(method.draws, 0, force_grouping=True), "seed": method.seed},
        ),
        Fact(
            _("Change over waves"),
            _(
                "only with ten answers in both waves; the interval of a difference comes from the "
                "intervals of both scores, by squaring and adding (Zou and Donner 2008)"
            ),
        ),
        Fact(
            _("Thresholds"),
            _(
                "nothing below %(floor)d answers; patterns, levers and rule-bending from "
                "%(sensitive)d answers on"
            )
            % {"floor": method.floor, "sensitive": method.sensitive_floor},
        ),
    )


def _uncertainty(version: int) -> str:
    """Return where sureness and intervals come from; those of version 1 came from the redraws."""
    if version == FIRST_METHOD:
        return _("%(draws)s random redraws of the answers, seed %(seed)d, 95 %% intervals")
    return _(
        "%(draws)s random redraws of the answers, seed %(seed)d; 95 %% intervals of scores by "
        "Student's t"
    )


def _data(setting: Setting, band: str) -> str:
    parts = [setting.data_origin]
    if band:
        parts.append(band_words(band))
    if setting.is_demonstration:
        parts.append(_("Demonstration data: invented units, people and answers"))
    return "; ".join(parts)


def _anchors(assessment: AssessmentResult, names: Glossary) -> str:
    used = {code: assessment.anchors[code] for code in names.constructs}
    distinct = set(used.values())
    if len(distinct) == 1:
        return _numbers(distinct.pop())
    return "; ".join(f"{names.constructs[code]} {_numbers(three)}" for code, three in used.items())


def _numbers(three: tuple[float, ...]) -> str:
    return _("out %(out)s, half %(half)s, in %(full)s points") % {
        "out": short(three[0]),
        "half": short(three[1]),
        "full": short(three[2]),
    }


def _rule() -> str:
    return _(
        "membership in a pattern is that of its lowest element; the leading pattern is the one "
        "whose lowest element is highest, then the next lowest, and so on (with the default set: "
        "the pattern that does without the weakest of adaptability, agility and rule-bending). "
        "Where an element that every pattern requires is the lowest and below %(inside)s, it comes "
        "first; below %(inside)s otherwise no pattern is given yet, the nearest is named. "
        "From %(inside)s more in than out, from %(well)s well inside; closer than %(gap)s is "
        "between two; stability from %(clear)s is clear, from %(leaning)s leaning. "
        "Borderline: anchors moved by %(step)s points change the verdict, or the other calibration "
        "the leader. An element is reached from %(reached)s."
    ) % {
        "inside": number_format(DEFAULT_POLICY.inside, 2),
        "well": number_format(DEFAULT_POLICY.well_inside, 2),
        "gap": number_format(DEFAULT_POLICY.gap, 2),
        "clear": number_format(DEFAULT_POLICY.clear, 2),
        "leaning": number_format(DEFAULT_POLICY.leaning, 2),
        "step": number_format(ANCHOR_STEP),
        "reached": number_format(TARGET_MEMBERSHIP, 2),
    }


def _idea() -> str:
    return _(
        "%(article)s. The article's items, calibration anchors and solution tables are not public; "
        "statements, anchors and patterns here are this product's own."
    ) % {"article": ARTICLE}


def limit_sentences(setting: Setting, *, is_small: bool) -> tuple[str, ...]:
    """Say what the numbers cannot say; small groups get one sentence more."""
    sentences = [
        _("They say how people see their daily work, not how well a unit performs."),
        _("Patterns show what goes together with a turn to digital services, not what causes it."),
        _(
            "A leader's own answer counts in the whole company's figures only, never in those of a "
            "unit within it."
        ),
        _(
            "Numbers of answers count people who were planned at the launch, by mail or with a "
            "code. Answers of people who were added later are part of the figures, and of no "
            "number."
        ),
    ]
    if setting.instrument_origin == "default":
        sentences.append(
            _(
                "Statements, anchors and patterns are a default, this product's proposal; the "
                "items, anchors and tables of the article behind the idea are not public."
            )
        )
    if setting.assessment > 1:
        sentences.append(
            _(
                "The same answers have been scored before: this is assessment %(number)d of one "
                "release, and figures may differ from those of the first."
            )
            % {"number": setting.assessment}
        )
    if is_small:
        sentences.insert(
            1,
            _(
                "The group is small (fewer than twenty answers): take a difference from the "
                "company or from others as a hint, not as a finding."
            ),
        )
    if setting.is_demonstration:
        sentences.append(_("All units, people and answers in this demonstration are invented."))
    return tuple(sentences)
