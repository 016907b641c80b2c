"""Every proof holds at the size of every day; `make prove` runs the same ones at full size."""

import ast

import pytest

from tests.proofs.catalogue import PROOFS
from tests.proofs.figures import Size
from tests.proofs.weaknesses.proof import WEAKNESSES
from tests.proofs.weaknesses.weakened_copy import ROOT, Weakness

ONCE = pytest.mark.any_database  # `make prove` runs these on one database as well


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if proof.uses_database else ONCE)
        for name, proof in PROOFS.items()
    ],
)
def test_every_figure_of_a_proof_is_what_it_must_be(name: str) -> None:
    figures = PROOFS[name].run(Size.QUICK)

    assert [figure for figure in figures if not (figure.is_met or figure.is_timed)] == []
    assert figures != []


def test_every_weakness_can_be_put_into_the_code_as_it_stands() -> None:
    places = {
        weakness.name: (ROOT / weakness.file).read_text(encoding="utf-8").count(weakness.old)
        for weakness in WEAKNESSES
    }

    assert {name: count for name, count in places.items() if count != 1} == {}
    assert len(places) == len(WEAKNESSES) >= 80
    assert [weakness.name for weakness in WEAKNESSES if not reads_as_code(weakness)] == []


def reads_as_code(weakness: Weakness) -> bool:
    """Tell whether the weakened file is still Python: what cannot be read no test can notice."""
    whole = (ROOT / weakness.file).read_text(encoding="utf-8")
    try:
        ast.parse(whole.replace(weakness.old, weakness.new))
    except SyntaxError:
        return not weakness.file.endswith(".py")
    return True
