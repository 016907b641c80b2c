"""The kinds of documents that the survey stores."""

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

SURVEY_KINDS: Final[tuple[DocumentKind[Any], ...]] = (UNIT_PLAN, RELEASE_COUNTS)
