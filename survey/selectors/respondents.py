"""Who answers: the invitation behind a survey link, and what its holder has given so far."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Q

from survey.access import CampaignRight, readers_of
from survey.instrument.answers import Answers
from survey.instrument.content import Instrument, parse_instrument
from survey.instrument.pages import QuestionnairePage, questionnaire_pages
from survey.models import (
    Campaign,
    CampaignState,
    Draft,
    InstrumentVersion,
    Invitation,
)
from survey.receipts import Thanks
from survey.sealing.codes import code_hash, open_token
from survey.sealing.drafts import draft_id, open_draft
from survey.sealing.tokens import is_well_formed, keyed_digest, split_link, token_hash
from survey.selectors.campaigns import asked_statements

PARSED: Final = 16  # questionnaire versions kept in memory
# Of the campaign's key only its times are asked for here.
KEY_CONTENT: Final = tuple(
    f"campaign__key__{field}"
    for field in ("public_key", "canary", "handover_key", "handover", "passphrase_salt",
                  "passphrase_check")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Respondent:
    """The holder of a valid survey link."""

    token: str = field(repr=False)
    invitation: Invitation
    instrument: Instrument
    browser: str = field(default="", repr=False)  # what only this browser knows, of a code on paper

    @property
    def secret(self) -> str:
        """What the unfinished answers lie under.

        Of a code on paper it is this browser's alone: whoever printed the code has it as well.
        """
        return f"{self.token} {self.browser}" if self.browser else self.token

    @property
    def has_answered(self) -> bool:
        """Whether the link is used up.

        Of a code on paper that is told to no browser: whoever printed it could ask.
        """
        return self.invitation.used and not self.invitation.is_on_paper

    @property
    def words_of_thanks(self) -> Thanks:
        """What may be said of an answer that was handed in by this link."""
        if self.invitation.is_on_paper:
            return Thanks.PAPER
        return Thanks.REISSUED if self.invitation.reissued else Thanks.FIRST

    @property
    def campaign(self) -> Campaign:
        """The campaign that invited this respondent."""
        return self.invitation.campaign

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that the campaign offers and the instrument has, the campaign's first first.

        Not in the instrument's order: PostgreSQL sorts what a JSON object holds.
        """
        offered = self.campaign.languages or self.instrument.languages
        return tuple(code for code in offered if code in self.instrument.languages)

    @property
    def label(self) -> str:
        """A name for this respondent's browser storage; it does not lead to the token."""
        return keyed_digest(self.secret, "browser-label").hex()[:16]

    def pages(self) -> tuple[QuestionnairePage, ...]:
        """Return the questionnaire in this respondent's own, always same, order."""
        return questionnaire_pages(
            self.instrument,
            lambda code: keyed_digest(self.token, f"order {code}"),
            function=self.invitation.function,
        )


def find_respondent(token: str, *, browser: str = "", to_show: bool = True) -> Respondent | None:
    """Return the holder of a token, or None if it is malformed, unknown or revoked.

    browser: what only the holder's browser knows; it counts for codes on paper.

    Cancelling a campaign revokes every link at once; their holders are told that much. Only what
    is shown needs names, and every autosave asks twice: without them the query is half as large.
    The campaign's mark may stand behind the token; it opens nothing.
    """
    token, _mark = split_link(token)
    if not is_well_formed(token):
        return None
    names = ("campaign__organisation", "unit", "recipient") if to_show else ()
    rows = (
        Invitation.objects.filter(token_hash=token_hash(token))
        .filter(Q(revoked=False) | Q(campaign__state=CampaignState.CANCELLED))
        .select_related("campaign__instrument", "campaign__key", *names)
        .defer("campaign__instrument__content", "campaign__instrument__note", *KEY_CONTENT)
    )
    invitation = next(iter(rows), None)
    if invitation is None:
        return None
    campaign = invitation.campaign
    instrument = _parsed(campaign.instrument.pk, campaign.instrument.digest)
    asked = asked_instrument(campaign, instrument)
    return Respondent(token, invitation, asked, browser if invitation.is_on_paper else "")


def asked_instrument(campaign: Campaign, instrument: Instrument) -> Instrument:
    """Return what a campaign asks: nothing about the person where it does not say what for."""
    asked = asked_statements(campaign, instrument)
    return asked if campaign.asks_background else replace(asked, background=())


@lru_cache(maxsize=PARSED)
def _parsed(version_id: UUID, digest: str) -> Instrument:
    """Return a questionnaire's objects, which are frozen; its content is read once a process."""
    content = InstrumentVersion.objects.values_list("content", flat=True).get(pk=version_id)
    return parse_instrument(content)


def token_behind(code: str) -> str:
    """Return the token that a code on paper opens, "" if there is no such code."""
    invitation = Invitation.objects.filter(code_hash=code_hash(code)).first()
    return open_token(code, invitation.code_box) if invitation else ""


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What is in a draft: the answers, and how often they were changed, so that tabs can tell."""

    answers: Answers = field(default_factory=Answers)
    edition: int = 0


def read_draft(secret: str) -> Answers:
    """Return the unfinished answers that only this secret opens; empty if there are none."""
    return read_draft_content(secret).answers


def read_draft_content(secret: str) -> DraftContent:
    """Return the unfinished answers with their edition; 0 as long as there are none."""
    draft = Draft.objects.filter(pk=draft_id(secret)).first()
    return draft_content(secret, draft) if draft else DraftContent()


def draft_content(secret: str, draft: Draft) -> DraftContent:
    """Return what a draft holds; one of an earlier version knows no edition."""
    content = open_draft(secret, draft.ciphertext)
    edition = content.pop("edition", 0)
    return DraftContent(Answers(**content), edition)


def has_draft(secret: str) -> bool:
    """Tell whether the holder of a secret has begun to answer."""
    return Draft.objects.filter(pk=draft_id(secret)).exists()


def ended_campaign(mark: str) -> Campaign | None:
    """Return the campaign whose mark stood in a link, once it is over.

    The mark is the same in all its links, so that it says nothing of whoever follows one. While a
    campaign runs it leads nowhere: a token that is wrong then is answered like any other.
    """
    ended = Campaign.objects.filter(state__in=(CampaignState.RELEASED, CampaignState.CANCELLED))
    return ended.filter(link_mark=mark).select_related("organisation").first() if mark else None


def analyst_names(campaign: Campaign) -> list[str]:
    """Return who may read the company's rows without unit, to be named to respondents."""
    return sorted(str(user) for user in readers_of(CampaignRight.READ_ROWS, campaign))
