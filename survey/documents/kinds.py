"""The kinds of documents that the survey stores."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from survey.documents.versions import DocumentKind
from survey.import_files.units import UnitRow
from survey.release.tables import Counts

UNIT_PLAN: Final[DocumentKind[tuple[UnitRow, ...]]] = DocumentKind(
    "unit plan", _("Planned units"), tuple[UnitRow, ...]
)
RELEASE_COUNTS: Final[DocumentKind[Counts]] = DocumentKind(
    "release counts", _("Participation of the release"), Counts
)
BACKGROUND_COUNTS: Final[DocumentKind[Mapping[str, int]]] = DocumentKind(
    "background counts", _("Counts of background answers"), Mapping[str, int]
)

SURVEY_KINDS: Final[tuple[DocumentKind[Any], ...]] = (
    UNIT_PLAN,
    RELEASE_COUNTS,
    BACKGROUND_COUNTS,
)
