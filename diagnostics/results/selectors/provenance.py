"""Where a stored result comes from, for the head of pages and the method box."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from diagnostics.models import Assessment
from diagnostics.wording.glossary import text_in
from diagnostics.wording.page_parts import Setting


def setting_of(assessment: Assessment, *, language: str) -> Setting:
    """Return the setting of an assessment's pages and reports in one language."""
    campaign = assessment.campaign
    with override(language):
        closed_on = date_format(campaign.closed_at, "DATE_FORMAT") if campaign.closed_at else ""
        return Setting(
            organisation=campaign.organisation.name,
            campaign=campaign.name,
            created_on=assessment.created_at.date().isoformat(),
            is_demonstration=campaign.organisation.is_demonstration,
            data_origin=_("Survey campaign “%(name)s”, closed on %(day)s")
            % {"name": campaign.name, "day": closed_on},
            instrument=_("%(title)s, version %(version)d")
            % {
                "title": text_in(campaign.instrument.content["title"], language),
                "version": campaign.instrument.version,
            },
            instrument_origin=campaign.instrument.origin,
            software_version=assessment.software_version,
            release_digest=assessment.release_digest,
            result_digest=assessment.digest,
            paper=settings.REPORT_PAPER,
            assessment=assessment.number,
        )
