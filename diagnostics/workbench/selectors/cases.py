"""The cases behind an analysis: of an uploaded file, or those kept of a campaign's answers."""

from functools import lru_cache
from uuid import UUID

import numpy as np
import pandas as pd
from django.db.models import QuerySet

from diagnostics.analyses.matrices import Matrix, read_matrix
from diagnostics.models import Analysis, AnalysisCases, UploadedMatrix
from qca.errors import NoCasesError
from survey.errors import AnswersDeletedError
from survey.selectors.answer_life import deletion_words, refuse_deleted_answers

DTYPE = "<f8"  # of kept scores


class CasesDeletedError(AnswersDeletedError, NoCasesError):
    """The answers that the analysis rests on are deleted; what it found of them all stays."""


def cases_of(analysis: Analysis) -> pd.DataFrame:
    """Return float[case, column]; raise CasesDeletedError where the answers are gone."""
    if analysis.matrix is not None:
        return _matrix_frame(analysis.matrix.pk)
    kept = _kept_cases(analysis).first()
    if kept is None:
        raise CasesDeletedError("expected the answers of the campaign, found them deleted")
    table = np.frombuffer(bytes(kept.scores), dtype=DTYPE).reshape(-1, len(kept.columns))
    numbers = [str(number) for number in range(1, len(table) + 1)]
    return pd.DataFrame(table, columns=kept.columns, index=numbers)


@lru_cache(maxsize=4)
def _matrix_frame(matrix_id: UUID) -> pd.DataFrame:
    """A stored file never changes, and a slider asks for it many times a second."""
    matrix = UploadedMatrix.objects.get(pk=matrix_id)
    return stored_matrix(matrix).frame


def stored_matrix(matrix: UploadedMatrix) -> Matrix:
    """Read a stored file again, with what is told of it."""
    return read_matrix(
        bytes(matrix.content), file=matrix.name, includes_hidden=matrix.includes_hidden
    )


def has_cases(analysis: Analysis) -> bool:
    """Tell whether plots, sliders and checks can still be had."""
    return analysis.matrix is not None or _kept_cases(analysis).exists()


def deleted_words(analysis: Analysis) -> str:
    """Return the sentence once the answers behind an analysis are deleted; else nothing."""
    return "" if analysis.campaign is None else deletion_words(analysis.campaign)


def refuse_deleted_cases(analysis: Analysis) -> None:
    """Raise AnswersDeletedError, with the sentence, where an analysis' answers are deleted."""
    if analysis.campaign is not None:
        refuse_deleted_answers(analysis.campaign)


def _kept_cases(analysis: Analysis) -> QuerySet[AnalysisCases]:
    """The kept scores, none once the deletion of the answers has begun."""
    alive = AnalysisCases.objects.filter(analysis__campaign__release__answers_end_at=None)
    return alive.filter(analysis=analysis)
