"""The names that the package gives out are what they say."""

from types import ModuleType

import pytest

import qca
import qca.psychometrics


@pytest.mark.parametrize("package", [qca, qca.psychometrics])
def test_no_public_name_is_hidden_by_a_module_of_that_name(package: ModuleType) -> None:
    hidden = [name for name in package.__all__ if isinstance(getattr(package, name), ModuleType)]
    assert hidden == []


def test_necessity_is_the_function_that_fits_a_condition() -> None:
    assert qca.necessity([0.5, 0.75, 1.0], [0.25, 0.75, 0.5]).relevance == 0.5
