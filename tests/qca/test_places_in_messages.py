"""An error shows all digits of a number, names the case by its label, and an item by its name."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

import qca
from qca import psychometrics
from tests.places import ROOT

LABELS = ["Austria", "Belgium", "Finland"]
ODD = 1.0000000002


def sets(**columns: list[object]) -> pd.DataFrame:
    base = {"A": [0.2, 0.9, 0.6], "B": [0.1, 0.3, 0.8], "Y": [0.4, 0.7, 0.9]}
    return pd.DataFrame(base | columns, index=LABELS)


def one(*values: object) -> pd.Series:
    return pd.Series(list(values), index=LABELS)


DIGITS: list[tuple[Callable[[], object], str]] = [
    (lambda: qca.Cuts(ODD), "in [0, 1], found 1.0000000002"),
    (lambda: qca.Cuts(0.8, pri=-1e-12), "in [0, 1], found -1e-12"),
    (lambda: qca.Cuts((0.8, 0.8000000001)), "found 0.8 and 0.8000000001"),
    (
        lambda: qca.truth_table(sets(), outcome="Y", inclusion_cut=ODD),
        "in [0, 1], found 1.0000000002",
    ),
    (
        lambda: qca.find_combinations(sets(), outcome="Y", consistency_cut=ODD),
        "in [0, 1], found 1.0000000002",
    ),
    (
        lambda: qca.truth_table(sets(Y=[0.123456789] * 3), outcome="Y"),
        "found Y = 0.123456789 in every case",
    ),
    (lambda: qca.sufficiency([ODD], [1]), "in [0, 1], found 1.0000000002 in case 1"),
    (lambda: qca.set_coincidence([0.5], [ODD]), "in [0, 1], found 1.0000000002 in case 1"),
    (
        lambda: qca.calibrate_direct([1], [2, 2.0000000001, 2]),
        "falling order, found 2, 2.0000000001, 2",
    ),
    (
        lambda: qca.calibrate_direct([1], np.array([2.5, 4, np.inf]).tolist()),
        "expected 3 finite anchors, found [2.5, 4, inf]",
    ),
    (
        lambda: qca.calibrate_linear([1], [2, 4, 6], below=-1e-9),
        "greater than 0, found -1e-09, 1",
    ),
    (
        lambda: qca.calibrate_bell([1], [1, 2, 3, 6, 5.0000000001, 7]),
        "(valley), found 1, 2, 3, 6, 5.0000000001, 7",
    ),
    (
        lambda: qca.calibrate_crisp([1.0000000001, 7.0000000001], [7.0000000002]),
        "the scores, 1.0000000001 to 7.0000000001, found [7.0000000002]",
    ),
    (lambda: qca.calibrate_indirect([-1e-10, 7], [3]), "scores from 0, found -1e-10"),
    (
        lambda: qca.calibrate_by_frequencies([1, 1], lowest=1.0000000001),
        "above the lowest, 1.0000000001, found at most 1",
    ),
    (
        lambda: qca.percentile_anchors([4.0000000001] * 3),
        "found 4.0000000001, 4.0000000001, 4.0000000001",
    ),
    (
        lambda: qca.percentile_anchors([4, 5], list(np.array([5, 50, 100.0000000001]))),
        "in [0, 100], found [100.0000000001]",
    ),
    (
        lambda: qca.Anchors(*np.array([2.0000000001, 2, 6])),
        "falling anchors, found (2.0000000001, 2, 6)",
    ),
    (lambda: qca.scores_at(np.float64(ODD), [qca.Anchors(2, 4, 6)]), "found 1.0000000002"),
]


@pytest.mark.parametrize(("call", "ending"), DIGITS)
def test_a_refused_number_is_shown_with_all_its_digits(
    call: Callable[[], object], ending: str
) -> None:
    with pytest.raises(qca.QcaError) as caught:
        call()
    assert str(caught.value).endswith(ending)


def test_no_message_of_the_package_cuts_digits_off() -> None:
    """:g keeps six digits; a figure of a printed table (printing, charts) is no error."""
    cut = re.compile(r"f\"[^\"]*\{[^}\"]+:(\.\d+)?[gef]\}")
    found = [
        f"{file.relative_to(ROOT)}: {line.strip()}"
        for file in sorted((ROOT / "qca").rglob("*.py"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if cut.search(line) and ("expected" in line or "found" in line)
    ]
    assert found == []


def test_the_heading_of_a_truth_table_shows_its_cuts_whole() -> None:
    table = qca.truth_table(sets(), outcome="Y", inclusion_cut=0.7999999999, pri_cut=0.1234567)
    text = qca.truth_table_text(table)
    assert text.splitlines()[0] == (
        "Outcome Y; consistency 0.7999999999, PRI 0.1234567, at least 1 case"
    )


PLACES: list[tuple[Callable[[], object], str]] = [
    (
        lambda: qca.truth_table(sets(B=[0.1, 0.3, ODD]), outcome="Y"),
        "memberships of B in [0, 1], found 1.0000000002 in case Finland",
    ),
    (
        lambda: qca.truth_table(sets(A=[0.1, np.nan, 0.2]), outcome="Y"),
        "membership of A for every case, found 1 NaN, in case Belgium",
    ),
    (
        lambda: qca.truth_table(sets(Y=[np.nan, np.nan, 0.2]), outcome="Y"),
        "membership of Y for every case, found 2 NaN, in case Austria",
    ),
    (
        lambda: qca.truth_table(sets(B=[0.1, "high", 0.2]), outcome="Y"),
        "could not convert string to float: 'high', in case Belgium",
    ),
    (
        lambda: qca.find_combinations(sets(B=[-0.1, 0.3, 0.2]), outcome="Y"),
        "found -0.1 in case Austria",
    ),
    (lambda: qca.evaluate("A*B", sets(B=[0.1, 1.5, 0])), "found 1.5 in case Belgium"),
    (
        lambda: qca.expression_sufficiency(sets(A=[0.1, 0.2, 2]), "A", outcome="Y"),
        "found 2 in case Finland",
    ),
    (
        lambda: qca.AnalysisRule("Y", ("A",), qca.Cuts(0.8)).models(sets(A=[0.1, 0.2, 2])),
        "found 2 in case Finland",
    ),
    (lambda: qca.sufficiency(one(0.1, 0.2, 3), [1, 1, 1]), "found 3 in case Finland"),
    (lambda: qca.necessity([1, 1, 1], one(0.1, np.nan, 1)), "found 1 NaN, in case Belgium"),
    (lambda: qca.necessity(one("x", 0, 1), [1, 1, 1]), "float: 'x', in case Austria"),
    (lambda: qca.fuzzy_not(one(0.1, 1.5, 1)), "found 1.5 in case Belgium"),
    (lambda: qca.fuzzy_and(sets()[["A", "B"]], sets(B=[0, 2, 0])[["A", "B"]]), "case Belgium"),
    (
        lambda: qca.set_coincidence(one(np.nan, 0.2, 0.1), one(0.1, 0.2, 7)),
        "found 7 in case Finland",
    ),
    (
        lambda: qca.calibrate_direct(one(1, 2, np.nan), [2, 4, 6]),
        "a finite score for every case, found 1 without, in case Finland",
    ),
    (lambda: qca.calibrate_crisp(one(1, np.inf, 2), [2]), "found 1 without, in case Belgium"),
    (lambda: qca.calibrate_linear(one(1, "no", 2), [2, 4, 6]), "float: 'no', in case Belgium"),
    (lambda: qca.calibrate_indirect(one(3, 2, -1), [2]), "from 0, found -1, in case Finland"),
    (lambda: qca.percentile_anchors(one(np.nan, 2, 1)), "without, in case Austria"),
    (lambda: qca.find_thresholds(one(np.nan, 2, 1)), "without, in case Austria"),
]


@pytest.mark.parametrize(("call", "ending"), PLACES)
def test_an_error_about_a_cell_names_the_case_by_its_label(
    call: Callable[[], object], ending: str
) -> None:
    with pytest.raises(qca.QcaError) as caught:
        call()
    assert str(caught.value).endswith(ending)


def test_a_label_that_is_a_number_is_the_label_and_no_place() -> None:
    data = sets(B=[0.1, 0.3, 1.5]).set_axis([30, 10, 20])
    with pytest.raises(qca.QcaError, match=r"found 1\.5 in case 20$"):
        qca.truth_table(data, outcome="Y")


def test_cases_without_labels_are_counted_from_one() -> None:
    data = sets(B=[0.1, 0.3, 1.5]).reset_index(drop=True)
    with pytest.raises(qca.QcaError, match=r"found 1\.5 in case 3$"):
        qca.truth_table(data, outcome="Y")


def scale(*, turned: str = "", names: str = "abcd") -> pd.DataFrame:
    generator = np.random.default_rng(7)
    factor = generator.normal(size=(300, 1))
    table = pd.DataFrame(factor + 0.8 * generator.normal(size=(300, len(names))))
    table.columns = pd.Index(list(names))
    table[list(turned)] *= -1
    return table


FIGURES: dict[str, Callable[[pd.DataFrame], object]] = {
    "alpha": psychometrics.alpha,
    "item_statistics": psychometrics.item_statistics,
    "omega": psychometrics.omega,
    "confirmatory_factors": lambda items: psychometrics.confirmatory_factors(
        items, {"F": list(items.columns)}
    ),
}


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("turned", ["a", "c", "bd"])
def test_a_negatively_keyed_item_is_named_in_a_warning_and_not_turned(
    figure: str, turned: str
) -> None:
    names = "abcdef"
    straight = FIGURES[figure](scale(names=names))
    with pytest.warns(psychometrics.NegativeItemWarning) as told:
        found = FIGURES[figure](scale(names=names, turned=turned))
    against = f"found {', '.join(turned)} against the others of the scale; nothing was turned"
    assert [str(one.message) for one in told] == [f"expected items keyed alike, {against}"]
    assert told[0].filename == __file__ or figure == "confirmatory_factors"
    assert (found.negative, straight.negative) == (tuple(turned), ())  # type: ignore[attr-defined]


def test_nothing_is_turned_where_an_item_is_negative() -> None:
    with pytest.warns(psychometrics.NegativeItemWarning):
        turned = psychometrics.alpha(scale(turned="d"))
    with pytest.warns(psychometrics.NegativeItemWarning):
        loadings = psychometrics.omega(scale(turned="d")).loadings
    assert turned.raw < 0.5 < psychometrics.alpha(scale()).raw
    assert (loadings < 0).tolist() == [False, False, False, True]


def test_items_of_an_array_are_named_by_their_place() -> None:
    with pytest.warns(psychometrics.NegativeItemWarning, match="found item 3 against"):
        psychometrics.alpha(scale(turned="c").to_numpy())


@pytest.mark.filterwarnings("error")
def test_items_keyed_alike_give_no_warning() -> None:
    for figure in FIGURES.values():
        figure(scale())
