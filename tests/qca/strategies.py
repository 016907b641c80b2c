"""Hypothesis strategies for truth table rows."""

from dataclasses import dataclass

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Rows:
    """Positive, negative and remaining rows of k conditions."""

    k: int
    positive: list[int]
    negative: list[int]
    remainders: list[int]


@st.composite
def coded_rows(draw: st.DrawFn, *, most_conditions: int = 4) -> Rows:
    """Rows with at least one positive and one negative."""
    k = draw(st.integers(1, most_conditions))
    codes = draw(
        st.lists(st.sampled_from("10?"), min_size=1 << k, max_size=1 << k).filter(
            lambda codes: "1" in codes and "0" in codes
        )
    )
    by_code = {code: [row for row, found in enumerate(codes) if found == code] for code in "10?"}
    return Rows(k, by_code["1"], by_code["0"], by_code["?"])
