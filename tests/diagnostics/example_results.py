"""Results of a small invented company, scored by the real scoring from chosen scores."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.special import stdtrit

from diagnostics.scoring.anchors import AnchorNumbers
from diagnostics.scoring.definitions import (
    DEFAULT_CALIBRATION,
    DEFAULT_PATTERN_SET,
    default_calibrations,
    default_pattern_sets,
    other_lens_of,
)
from diagnostics.scoring.diagnoses import Lens, construct_scores, diagnose
from diagnostics.scoring.method import Method, construct_infos
from diagnostics.scoring.results import (
    METHOD_VERSION,
    AlignmentResult,
    AssessmentResult,
    CompanyResult,
    Diagnosis,
    ElementDifference,
    FunctionResult,
    Interval,
    PatternTest,
    Profile,
    Relation,
    SetTest,
    Skew,
    Source,
    UnitResult,
)
from diagnostics.scoring.sets import SetFigures
from diagnostics.wording.page_parts import Setting
from qca.patterns.support import BetweenUnits, Finding
from survey.instrument.content import parse_instrument
from survey.instrument.files import SHIPPED_INSTRUMENTS, read_instrument_file
from survey.policy import size_band
from survey.release.tables import Plan, SetInfo, SetKind, set_key

COMPANY_SCORES = {"TF": 4.7, "AD": 4.8, "AG": 4.6, "RB": 3.8, "CF": 5.2, "DSO": 4.7}
RESPONSIVE = {"TF": 5.2, "AD": 5.0, "AG": 4.8, "RB": 3.4, "CF": 5.3, "DSO": 4.9}
ASSERTIVE = {"TF": 5.3, "AD": 4.9, "AG": 3.6, "RB": 5.1, "CF": 5.0, "DSO": 4.8}
NO_FORESIGHT = {"TF": 3.4, "AD": 5.0, "AG": 4.9, "RB": 3.6, "CF": 5.4, "DSO": 4.0}
SETTING = Setting(
    organisation="Nordlift Service",
    campaign="Autumn 2026",
    created_on="2026-11-20",
    is_demonstration=True,
    data_origin="Survey campaign, closed on 20 November 2026",
    instrument="Routines of digital service, version 1",
    instrument_origin="default",
    software_version="0.1.0",
    release_digest="a" * 64,
    result_digest="b" * 64,
)


def example_method(pattern_set: str = DEFAULT_PATTERN_SET) -> Method:
    """Return the defaults, with one of the shipped pattern sets."""
    calibration = default_calibrations()[DEFAULT_CALIBRATION]
    return Method(
        constructs=construct_infos(parse_instrument(read_instrument_file(SHIPPED_INSTRUMENTS[0]))),
        points=7,
        pattern_set=default_pattern_sets()[pattern_set],
        calibration=calibration,
        other_lens=other_lens_of(calibration),
        floor=5,
        sensitive_floor=10,
        draws=400,
        seed=7,
    )


METHOD = example_method()
ANCHORS: AnchorNumbers = {code: METHOD.calibration.three(code) for code in METHOD.codes}


def _lens(method: Method) -> Lens:
    company = np.array([COMPANY_SCORES[code] for code in method.codes])
    return Lens(method, ANCHORS, {}, company)


def _figures(scores: Mapping[str, float], n: int, spread: float, method: Method) -> SetFigures:
    centre = np.array([scores.get(code, np.nan) for code in method.codes])
    generator = np.random.default_rng(method.seed)
    draws = generator.normal(centre, spread / np.sqrt(n), size=(method.draws, len(centre)))
    info = SetInfo(
        set_key(Plan.SENSITIVE, SetKind.UNIT, "x"), SetKind.UNIT, Plan.SENSITIVE, "x", "", n, ()
    )
    valid = tuple(n for _ in method.codes)
    told = draws if n >= 10 else None
    reaches = np.full(len(centre), stdtrit(n - 1, 0.975) * spread / np.sqrt(n)) if n >= 10 else None
    return SetFigures(info, centre, valid, valid, told, np.empty((0, len(centre))), reaches)


def source(
    name: str, n: int, *, unit: str = "", relation: Relation = Relation.OWN, is_pool: bool = False
) -> Source:
    """Return the source of figures by n answers."""
    return Source(f"sensitive/unit/{name}", unit or name, name, relation, is_pool, size_band(n))


def example_diagnosis(
    scores: Mapping[str, float],
    *,
    of: Source,
    n: int = 24,
    spread: float = 1.0,
    method: Method = METHOD,
) -> Diagnosis:
    """Return the real diagnosis of a set of answers with these scores."""
    found = diagnose(_figures(scores, n, spread, method), of, _lens(method))
    assert found is not None
    return found


def example_profile(scores: Mapping[str, float], *, of: Source, n: int = 7) -> Profile:
    """Return the profile of a small set: without rule-bending, memberships and intervals."""
    shown = {code: score for code, score in scores.items() if code != "RB"}
    figures = _figures(shown, n, 1.0, METHOD)
    return Profile(of, construct_scores(figures, _lens(METHOD), with_memberships=False))


def unit(
    key: str,
    parent: str | None,
    *,
    name: str = "",
    diagnosis: Diagnosis | None = None,
    profile: Profile | None = None,
    alignment: AlignmentResult | None = None,
) -> UnitResult:
    """Return one unit's result."""
    return UnitResult(key, name or key, parent, profile, diagnosis, (), alignment)


ALIGNMENT = AlignmentResult(
    differences=tuple(
        ElementDifference(code, 4.9, 4.6, 0.3, Interval(-0.1, 0.7))
        for code in ("TF", "AD", "AG", "RB", "CF")
    ),
    overlap=0.8,
)


def example_units() -> tuple[UnitResult, ...]:
    """Return a company with every kind of result that a page must be able to show."""
    company = source("Nordlift Service", 534, unit="company")
    north = source("Region North", 60)
    pool = source("Region North", 14, relation=Relation.WIDER, is_pool=True)
    child = source("Field service Umeå", 30, relation=Relation.ONE_CHILD)
    return (
        unit(
            "company",
            None,
            name="Nordlift Service",
            diagnosis=example_diagnosis(COMPANY_SCORES, of=company, n=534),
        ),
        unit(
            "north",
            "company",
            name="Region North",
            diagnosis=example_diagnosis(ASSERTIVE, of=north, n=60),
            alignment=ALIGNMENT,
        ),
        unit(
            "oulu",
            "north",
            name="Field service Oulu",
            diagnosis=example_diagnosis(RESPONSIVE, of=source("Field service Oulu", 24)),
        ),
        unit(
            "kemi",
            "north",
            name="Field service Kemi",
            profile=example_profile(RESPONSIVE, of=source("Field service Kemi", 7)),
            diagnosis=example_diagnosis(ASSERTIVE, of=pool, n=14),
        ),
        unit(
            "inari",
            "north",
            name="Field service Inari",
            diagnosis=example_diagnosis(ASSERTIVE, of=pool, n=14),
        ),
        unit(
            "south",
            "company",
            name="Region South",
            diagnosis=example_diagnosis(NO_FORESIGHT, of=child, n=30),
        ),
        unit(
            "umea",
            "south",
            name="Field service Umeå",
            diagnosis=example_diagnosis(NO_FORESIGHT, of=source("Field service Umeå", 30), n=30),
        ),
        unit(
            "turku",
            "south",
            name="Sales Turku",
            diagnosis=example_diagnosis(
                {**RESPONSIVE, "AD": 4.4, "RB": 4.4, "AG": 4.4},
                of=source("Sales Turku", 12),
                n=12,
                spread=2.0,
            ),
        ),
        unit("lone", "company", name="Sales Åland"),
    )


def example_test(pattern: str, function: str, finding: Finding) -> PatternTest:
    """Return a test whose figures do not depend on what was found."""
    return PatternTest(
        pattern=pattern, function=function, finding=finding, consistency=0.87, pri=0.71,
        coverage=0.55, cases=61, respondents=270, expected=0.74, lift=0.13, p=0.01, between=0.98,
        within=0.88, pools=10,
    )  # fmt: skip


def example_assessment(units: tuple[UnitResult, ...] | None = None) -> AssessmentResult:
    """Return the whole small company, or one made of the given units (the root first)."""
    chosen = units or example_units()
    tests = tuple(
        example_test(pattern.code, function, finding)
        for function in ("operations", "sales")
        for pattern, finding in zip(
            METHOD.pattern_set.patterns,
            (Finding.SUPPORTED, Finding.SUPPORTED, Finding.NOT_SHOWN),
            strict=True,
        )
    )
    company = CompanyResult(
        root=chosen[0].unit,
        answers={"operations": 270, "sales": 264},
        excluded={"attention": {"operations": 5, "sales": 2}},
        invited={"operations": 350, "sales": 340},
        dropped_items=("RB5",),
        method_version=METHOD_VERSION,
        pattern_tests=tests,
        set_tests=tuple(
            SetTest(function, BetweenUnits.SHOWN, 24, 0.35, 0.51, 0.01, 0.44, 0.39, -0.01, 0.11)
            for function in ("operations", "sales")
        ),
        scales=(),
        skewed=(Skew("CF", "operations", 0.9),),
        dominating_pattern=None,
        dominating_by_other_lens=None,
        verdicts={"clear": 4, "element_first": 1},
    )
    return AssessmentResult(METHOD, ANCHORS, {}, company, chosen)


def two_functions(operations: Mapping[str, float], sales: Mapping[str, float]) -> AssessmentResult:
    """Return the example company with both functions told apart in it and in Region North."""
    parts = tuple(
        FunctionResult(name, None, example_diagnosis(scores, of=source("Nordlift", 250), n=250))
        for name, scores in (("operations", operations), ("sales", sales))
    )
    root, north, *others = example_units()
    both = [replace(unit, functions=parts, alignment=ALIGNMENT) for unit in (root, north)]
    return example_assessment((*both, *others))
