"""What a page with questions carries along, so that its post can say what its reader had before.

All of it is in the reader's browser only: nothing is stored of when somebody looked at a page.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from survey.forms.answers import AnswersForm, posted_form
from survey.instrument.answers import Answers
from survey.selectors.respondents import DraftContent, Respondent, has_draft

SHOWN: Final = "shown"  # when the page was made, signed
EDITION: Final = "edition"  # of the draft that it showed
GIVEN: Final = "given"  # the answers that it showed
NEWER: Final = "newer"  # in an address: that answers of another tab were kept
# Of a page that carries nothing, such as a preview's.
NOTHING_CARRIED: Final = {SHOWN: "", EDITION: "", GIVEN: "", "is_older": False}


def carried(respondent: Respondent, answers: Mapping[str, str]) -> dict[str, str]:
    """Return what a page that is made now carries; its stamp is good for this respondent only."""
    stamp = signing.dumps(timezone.now().timestamp(), salt=_salt(respondent))
    return {SHOWN: stamp, GIVEN: _packed(answers)}


def has_begun(request: HttpRequest, respondent: Respondent) -> bool:
    """Tell whether somebody began before the end: saved an answer, or had the questions open."""
    return has_draft(respondent.secret) or _was_shown_in_time(request, respondent)


def newest_answers(request: HttpRequest, form: AnswersForm, kept: Answers) -> tuple[Answers, bool]:
    """Return what of a posted page is to be saved, and whether another tab has newer answers.

    What was changed on the page is newer than anything; what stands there as it was shown gives
    way to what was saved since.
    """
    shown = _shown_answers(request)
    if shown is None:
        return form.answers(), False
    posted, present = posted_form(form.answers()), posted_form(kept)
    unchanged = {name for name, value in posted.items() if shown.get(name) == value}
    older = {name for name in unchanged if present.get(name) != posted[name]}
    return form.answers_to(posted.keys() - older), bool(older)


def is_outdated(request: HttpRequest, posted: Answers, draft: DraftContent) -> bool:
    """Tell whether a posted review showed other answers than the draft holds by now.

    A page of an earlier version does not say which edition it showed: then by the answers.
    """
    text = request.POST.get(EDITION, "")
    if text.isascii() and text.isdigit():
        return text != str(draft.edition)
    present, sent = posted_form(draft.answers), posted_form(posted)
    return any(present.get(name, value) != value for name, value in sent.items())


def _shown_answers(request: HttpRequest) -> dict[str, str] | None:
    try:
        shown = json.loads(base64.b64decode(request.POST.get(GIVEN, "")))
    except (ValueError, RecursionError):
        return None
    return shown if isinstance(shown, dict) else None


def _packed(answers: Mapping[str, str]) -> str:
    return base64.b64encode(json.dumps(dict(answers), sort_keys=True).encode()).decode()


def _was_shown_in_time(request: HttpRequest, respondent: Respondent) -> bool:
    end = respondent.campaign.ends_at
    try:
        stamp = signing.loads(request.POST.get(SHOWN, ""), salt=_salt(respondent))
    except signing.BadSignature:
        return False
    return end is not None and datetime.fromtimestamp(stamp, UTC) < end


def _salt(respondent: Respondent) -> str:
    return f"shown page {respondent.label}"
