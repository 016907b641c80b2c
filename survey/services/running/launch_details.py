"""What the ledger says of a launch: who is invited in which numbers, and what was promised."""

from typing import Any

from django.db.models import Count

from survey.models import Campaign


def launch_detail(campaign: Campaign) -> dict[str, Any]:
    """Return the numbers of people and the thresholds and months as they stand at the launch."""
    groups = (
        campaign.invitations.values("unit__code", "unit__name", "function")
        .annotate(invited=Count("pk"))
        .order_by("unit__position", "function")
    )
    people = [
        {
            "unit_code": group["unit__code"],
            "unit": group["unit__name"],
            "function": group["function"],
            "invited": group["invited"],
        }
        for group in groups
    ]
    return {
        "units": campaign.units.count(),
        "invited": sum(group["invited"] for group in people),
        "people": people,
        "questionnaire": f"{campaign.instrument.code} {campaign.instrument.version}",
        "questionnaire_fingerprint": campaign.instrument.digest,
        "languages": list(campaign.languages),
        "floor": campaign.floor,
        "sensitive_floor": campaign.sensitive_floor,
        "exclusion_rules": campaign.exclusion_rules,
        "retention_months": campaign.retention_months,
        "has_passphrase": campaign.key.has_passphrase,
        "closes_at": campaign.closes_at.isoformat() if campaign.closes_at else "",
    }
