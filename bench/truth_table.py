"""Truth tables of many cases against R QCA, setqca and pyqca: python -m bench.truth_table."""

import tracemalloc

from bench.inputs import survey
from bench.timing import ratio, rival_seconds, seconds_of, shown, write_table
from qca.truth_tables.truth_table import truth_table

CONDITIONS = 5
CASES = (534, 10_000, 100_000, 1_000_000)
# CPU seconds of truthTable() of R QCA 3.25, as stated in the specification of this benchmark.
R_TRUTH_TABLE = {534: 0.25, 10_000: 2.2, 100_000: 20.0}
HEADER = (
    "cases", "ours", "peak memory", "R", "setqca", "pyqca", "R / ours", "setqca / ours",
    "pyqca / ours",
)  # fmt: skip


def main() -> None:
    """Time every number of cases and write bench/truth_table.md."""
    note = (
        f"{CONDITIONS} conditions, consistency .80, PRI .50. Peak memory: what ours allocates"
        " beside its input. CPU time of the quickest of up to five runs. R: as stated for QCA 3.25,"
        " not run here."
    )
    rows = [measure(cases) for cases in CASES]
    write_table("truth_table", "Truth table", HEADER, rows, note)


def measure(cases: int) -> list[str]:
    """The row of the table for a number of cases."""
    data = survey(cases, CONDITIONS)

    def build() -> object:
        return truth_table(data, outcome="Y", inclusion_cut=0.8, pri_cut=0.5)

    ours = seconds_of(build)
    tracemalloc.start()
    build()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    given = {"k": CONDITIONS, "frequency": 1, "positive": [], "negative": []}
    r = R_TRUTH_TABLE.get(cases, "not stated")
    setqca = rival_seconds("setqca", "table", data, given)
    pyqca = rival_seconds("pyqca", "table", data, given)
    return [
        f"{cases:,}", shown(ours), f"{peak / 1e6:.1f} MB", shown(r), shown(setqca), shown(pyqca),
        ratio(r, ours), ratio(setqca, ours), ratio(pyqca, ours),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
