"""What a launch freezes of a draft's head counts."""

from collections.abc import Mapping

from survey.batches import ROWS_AN_INSERT
from survey.import_files.units import code_key
from survey.models import (
    Campaign,
    CampaignUnit,
    DraftAuthor,
    DraftHeadCount,
    HeadCount,
)
from survey.selectors.head_counts.counts import HeadCounts


def freeze_head_counts(
    *, campaign: Campaign, units: Mapping[str, CampaignUnit], counts: HeadCounts
) -> None:
    """Keep the numbers with the campaign's own units, by code_key(), and let the draft's go."""
    HeadCount.objects.bulk_create(
        [
            HeadCount(
                campaign_unit=units[code_key(group.unit_code)],
                function=group.function,
                by_mail=group.by_mail,
                without_mail=group.without_mail,
            )
            for group in counts.groups
            if group.total
        ],
        batch_size=ROWS_AN_INSERT,
    )
    DraftHeadCount.objects.filter(campaign=campaign).delete()
    DraftAuthor.objects.filter(campaign=campaign).delete()
