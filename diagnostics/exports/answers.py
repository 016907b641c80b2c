"""The table of the whole company's answers, without unit, pool or background."""

import numpy as np
import pandas as pd
from django.utils.translation import gettext, override

from diagnostics.exports.figures import FUNCTION_CODES, function_labels
from diagnostics.exports.tables import Cell, ColumnKind, ExportColumn, ExportTable, plain
from diagnostics.wording.glossary import asked_wording
from survey.instrument.content import Instrument


def answer_table(rows: pd.DataFrame, instrument: Instrument, *, language: str) -> ExportTable:
    """Return the answers of DataFrame[pool, function, <items>], one row a person.

    The pool goes, and with it the order of the rows, which tells pools apart: they are sorted by
    their own content. A function that may not be told is missing. Statements are labelled as
    service operations read them; one for sales only, as they do.
    """
    items = [str(column) for column in rows.columns if column not in ("pool", "function")]
    points = _labels(instrument, language)
    with override(language):
        texts = {item.code: plain(asked_wording(item, language)) for _, item in instrument.items()}
        title, function = gettext("Answers of the whole company"), gettext("Function")
        functions = {code: label for code, label in function_labels().items() if code}
    columns = (
        ExportColumn("function", function, ColumnKind.CODE, functions),
        *(ExportColumn(item, texts[item], ColumnKind.CODE, points) for item in items),
    )
    codes = rows["function"].map(FUNCTION_CODES).to_numpy(dtype=np.float64)
    codes[codes == FUNCTION_CODES[""]] = np.nan
    table = np.column_stack([codes, rows[items].to_numpy(dtype=np.float64)])
    table = table[np.lexsort(table.T[::-1])]
    return ExportTable(
        "answers",
        title,
        columns,
        tuple(tuple(_cell(value) for value in row) for row in table.tolist()),
    )


def _labels(instrument: Instrument, language: str) -> dict[int, str]:
    labels = instrument.scale.labels[language]
    return {point: plain(label) for point, label in enumerate(labels, start=1)}


def _cell(value: float) -> Cell:
    return None if np.isnan(value) else int(value)
