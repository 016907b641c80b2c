"""What the ledger says of a launch: who is invited in which numbers, and what was promised."""

from typing import Any

from survey.models import Campaign
from survey.selectors.head_counts.counts import frozen_counts


def launch_detail(campaign: Campaign) -> dict[str, Any]:
    """Return the numbers of people and the thresholds and months as they stand at the launch."""
    counts = frozen_counts(campaign)
    people = [
        {
            "unit_code": group.unit_code,
            "unit": group.unit,
            "function": group.function.value,
            "invited": group.by_mail,
            "without_mail": group.without_mail,
        }
        for group in counts.groups
    ]
    return {
        "units": campaign.units.count(),
        "invited": counts.by_mail,
        "without_mail": counts.without_mail,
        "people": people,
        "questionnaire": f"{campaign.instrument.code} {campaign.instrument.version}",
        "questionnaire_fingerprint": campaign.instrument.digest,
        "languages": list(campaign.languages),
        "asks_attention_check": campaign.asks_attention_check,
        "asks_markers": campaign.asks_markers,
        "gives_rows": campaign.gives_rows,
        "launched_alone": campaign.launched_alone,
        "floor": campaign.floor,
        "sensitive_floor": campaign.sensitive_floor,
        "exclusion_rules": campaign.exclusion_rules,
        "retention_months": campaign.retention_months,
        "has_passphrase": campaign.key.has_passphrase,
        "closes_at": campaign.closes_at.isoformat() if campaign.closes_at else "",
    }
