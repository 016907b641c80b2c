"""Answers on their way in: drafts under the respondent's key, ballots sealed for the campaign's."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from survey.errors import RestingError, StateError, UnknownTokenError
from survey.instrument.answers import Answers, check_answers, complete_answers
from survey.models import Ballot, CampaignKey, Draft, Invitation, Standing
from survey.sealing import boxes
from survey.sealing.drafts import draft_id, seal_draft
from survey.selectors.respondents import Respondent, draft_content, find_respondent


@transaction.atomic
def save_draft(
    *, token: str, answers: Answers, browser: str = "", now: datetime | None = None
) -> None:
    """Lay answers over the draft of this token; the invitation is read, never touched.

    Not even locked: PostgreSQL notes the locking transaction in the row, and the same number in
    the draft's row would join the two.
    """
    respondent = _known(token, browser)
    if respondent.invitation.used and not respondent.invitation.is_on_paper:
        raise StateError("Draft: expected an invitation without a ballot, found one submitted.")
    _require_open(respondent, now)
    answers = _asked(respondent, answers)
    _check(respondent, answers)
    draft, _ = Draft.objects.select_for_update().get_or_create(
        pk=draft_id(respondent.secret),
        defaults={
            "campaign": respondent.campaign,
            "ciphertext": seal_draft(respondent.secret, asdict(Answers())),
        },
    )
    known = draft_content(respondent.secret, draft)
    newest = known.answers.updated(answers)
    # Inside the box, of which nobody else learns anything: neither how often nor when.
    edition = known.edition + (newest != known.answers)
    sealed = seal_draft(respondent.secret, {**asdict(newest), "edition": edition})
    Draft.objects.filter(pk=draft.pk).update(ciphertext=sealed)


@transaction.atomic
def withdraw_draft(*, secret: str) -> None:
    """Delete the unfinished answers under this secret; a second call changes nothing."""
    Draft.objects.filter(pk=draft_id(secret)).delete()


@transaction.atomic
def submit(*, token: str, answers: Answers, browser: str = "", now: datetime | None = None) -> None:
    """Seal the answers into the campaign's ballot box, once; a repeated call changes nothing.

    Where the link came after another by which somebody has answered already, or is a code on paper
    that was used, nothing is kept, and nothing else differs: whoever has the newer link or a copy
    of the code does not learn whether there was an answer.
    """
    respondent = _known(token, browser)
    is_on_paper = respondent.invitation.is_on_paper
    if respondent.invitation.used and not is_on_paper:
        return
    _require_open(respondent, now)
    _require_key(respondent, now)
    answers = _asked(respondent, answers)
    _check(respondent, answers)
    is_marked = _mark_done(respondent.invitation)
    if not is_marked and not is_on_paper:
        return
    key = CampaignKey.objects.get(campaign=respondent.campaign)
    box = boxes.seal(key.public_key, _payload(respondent, answers))
    is_first = is_marked and not respondent.invitation.done
    _keep(Ballot(campaign=respondent.campaign, box=box), is_first=is_first)
    Draft.objects.filter(pk=draft_id(respondent.secret)).delete()


def _known(token: str, browser: str) -> Respondent:
    respondent = find_respondent(token, browser=browser, to_show=False)
    if respondent is None:
        raise UnknownTokenError("Survey link: expected a known one, found none that matches.")
    return respondent


def _asked(respondent: Respondent, answers: Answers) -> Answers:
    """Return the answers without those about the person where the campaign asks none.

    A draft may hold some from before a campaign had to say what they are for.
    """
    return answers if respondent.instrument.background else Answers(answers.items)


def _check(respondent: Respondent, answers: Answers) -> None:
    check_answers(respondent.instrument, answers, function=respondent.invitation.function)


def _require_open(respondent: Respondent, now: datetime | None) -> None:
    campaign = respondent.campaign
    if not campaign.accepts_answers(now or timezone.now()):
        raise StateError(f"Campaign: expected one open for answers, found {campaign.state}.")


def _require_key(respondent: Respondent, now: datetime | None) -> None:
    """Refuse a ballot that perhaps nobody could open. A draft is its holder's own, and is kept."""
    if respondent.campaign.rests(now or timezone.now()):
        raise RestingError("Campaign: expected a proof of its key, found none for too long.")


def _mark_done(invitation: Invitation) -> bool:
    """Return whether this call, and no other, marked the invitation.

    `done` stands as it was read: it may have been true before, by an earlier link, and while this
    link is unused nothing changes it. The condition stays on the row itself: through a join it
    would become a subquery, which PostgreSQL does not check again after waiting for a submit at the
    same moment. Whoever it was is asked afterwards in any case: a code on paper that was used asks
    the database no more than one that was not.
    """
    rows = Invitation.objects.filter(
        pk=invitation.pk, done=invitation.done, used=False, revoked=False
    )
    is_marked = rows.update(done=True, used=True) == 1
    if not Invitation.objects.filter(pk=invitation.pk, used=True).exists():
        raise UnknownTokenError("Survey link: expected a valid one, found one just revoked.")
    return is_marked


def _keep(ballot: Ballot, *, is_first: bool) -> None:
    """Store a ballot, or have the database take the same box, as long a way, for no row."""
    if is_first:
        ballot.save(force_insert=True)
    else:
        Ballot.objects.filter(pk=ballot.pk).update(box=ballot.box)


def _payload(respondent: Respondent, answers: Answers) -> dict[str, Any]:
    complete = complete_answers(respondent.instrument, answers)
    return {
        # Where single answers are given to analysts, not even the box says whose team it was.
        "unit": "" if respondent.campaign.gives_rows else str(respondent.invitation.unit_id),
        "function": respondent.invitation.function,
        "leads": respondent.invitation.leads,
        # Whoever was added later may be a manager's own: no count may rest on such answers.
        "planned": respondent.invitation.standing == Standing.PLANNED,
        "answers": complete.items,
        "background": complete.background,
    }
