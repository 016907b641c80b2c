"""Setting up a campaign step by step: each step is saved by itself, while it is a draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from survey.campaign_times import require_times
from survey.models import (
    Campaign,
    CampaignKey,
    CampaignLogo,
    CampaignState,
    InstrumentVersion,
    Organisation,
    TrialMail,
)
from survey.services.campaigns import create_campaign
from survey.services.states import locked_draft

# What a new wave takes over from the one before; everything else is asked for anew.
KEPT: Final = (
    "instrument", "languages", "time_zone", "floor", "sensitive_floor", "controller", "contact",
    "council_reference", "retention_months", "mail_introduction", "mail_signature",
    "logo_alternative", "background_purpose", "asks_attention_check", "asks_markers",
)  # fmt: skip


@transaction.atomic
def begin_draft(
    *,
    organisation: Organisation,
    name: str,
    purpose: str,
    is_rehearsal: bool = False,
    instrument: InstrumentVersion | None = None,
) -> Campaign:
    """Return a new draft; thresholds, legal notice and words are those of the last campaign."""
    last = organisation.campaigns.exclude(state=CampaignState.DRAFT).order_by("-opens_at").first()
    campaign = create_campaign(
        organisation=organisation,
        name=name,
        purpose=purpose,
        is_rehearsal=is_rehearsal,
        instrument=instrument,
        time_zone=timezone.get_current_timezone_name(),
    )
    if last is not None:
        _change(campaign, **{field: getattr(last, field) for field in KEPT})
        for logo in CampaignLogo.objects.filter(campaign=last):
            CampaignLogo.objects.create(campaign=campaign, image=logo.image)
    return campaign


@transaction.atomic
def name_draft(*, campaign: Campaign, name: str, purpose: str, is_rehearsal: bool) -> None:
    """Save what the campaign is called and what it is for."""
    _change(campaign, name=name, purpose=purpose, is_rehearsal=is_rehearsal)


@transaction.atomic
def choose_questionnaire(
    *,
    campaign: Campaign,
    instrument: InstrumentVersion,
    languages: Sequence[str],
    background_purpose: str,
    asks_attention_check: bool,
    asks_markers: bool,
) -> None:
    """Save what is asked, in which languages, and what questions about the person are for."""
    _change(
        campaign,
        instrument=instrument,
        languages=list(languages),
        background_purpose=background_purpose,
        asks_attention_check=asks_attention_check,
        asks_markers=asks_markers,
    )


@transaction.atomic
def schedule_draft(
    *,
    campaign: Campaign,
    time_zone: str,
    opens_at: datetime | None,
    closes_at: datetime,
    now: datetime | None = None,
) -> None:
    """Save when the campaign is open, and on which clock its times are told."""
    require_times(opens_at=opens_at, closes_at=closes_at, now=now or timezone.now())
    _change(campaign, time_zone=time_zone, opens_at=opens_at, closes_at=closes_at)


@transaction.atomic
def state_privacy(
    *,
    campaign: Campaign,
    floor: int,
    sensitive_floor: int,
    controller: str,
    contact: str,
    council_reference: str,
    needs_passphrase: bool,
    gives_rows: bool,
    retention_months: int,
    logo: bytes | None,
    logo_alternative: str,
) -> None:
    """Save thresholds and legal notice; no logo keeps the present one, no words for it ends it.

    A passphrase that the works council has set already stays.
    """
    _locked(campaign)
    is_set = CampaignKey.objects.filter(campaign=campaign).exclude(passphrase_check=b"").exists()
    _change(
        campaign,
        floor=floor,
        sensitive_floor=sensitive_floor,
        controller=controller,
        contact=contact,
        council_reference=council_reference,
        needs_passphrase=needs_passphrase or is_set,
        gives_rows=gives_rows,
        retention_months=retention_months,
        logo_alternative=logo_alternative,
    )
    if not logo_alternative:
        CampaignLogo.objects.filter(campaign=campaign).delete()
    elif logo is not None:
        CampaignLogo.objects.update_or_create(campaign=campaign, defaults={"image": logo})


@transaction.atomic
def word_mails(*, campaign: Campaign, introduction: Mapping[str, str], signature: str) -> None:
    """Save the campaign's own words; a test mail with other words proves nothing any longer."""
    words = {language: text for language, text in introduction.items() if text}
    present = _locked(campaign)
    if (words, signature) != (present.mail_introduction, present.mail_signature):
        TrialMail.objects.filter(campaign=campaign).delete()
    _change(campaign, mail_introduction=words, mail_signature=signature)


def _change(campaign: Campaign, **values: Any) -> None:  # noqa: ANN401
    _locked(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(**values)
    campaign.refresh_from_db()


def _locked(campaign: Campaign) -> Campaign:
    return locked_draft(
        campaign, gettext("%(campaign)s: expected a draft to change, found “%(state)s”.")
    )
