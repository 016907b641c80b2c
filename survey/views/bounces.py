"""Where a mail service reports mail that did not arrive."""

import json
import time

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from survey.mail.bounces import note_bounce
from survey.mail.delivery_reports import FailureReport, read_message_id, read_report
from survey.mail.failure_reasons import CAME_BACK, storable
from survey.mail.signed_requests import HEADER, is_signed


@csrf_exempt
@require_POST
@login_not_required
def receive_report(request: HttpRequest) -> HttpResponse:
    """Take a signed report; the answer is the same whether or not the mail is known."""
    secret = settings.BOUNCE_WEBHOOK_SECRET
    if not secret:
        raise Http404
    signed = request.headers.get(HEADER, "")
    if not is_signed(request.body, signed, secret=secret, now=time.time()):
        return HttpResponse(status=403)
    is_json = request.content_type == "application/json"
    report = _from_json(request.body) if is_json else read_report(request.body)
    if report is None:
        return HttpResponse("Expected a report of failure, found none.", status=422)
    note_bounce(report=report)
    return HttpResponse(status=204)


def _from_json(body: bytes) -> FailureReport | None:
    try:
        fields = json.loads(body)
        message_id = read_message_id(fields["message_id"])
        reason = storable(str(fields.get("reason", "")))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return FailureReport(message_id, reason or CAME_BACK) if message_id else None
