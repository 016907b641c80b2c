"""Addresses of the respondent's pages; the only ones without a login besides sign-in."""

from django.urls import path

from survey.views import codes
from survey.views.respondent import pages, wrong_unit

app_name = "respondent"
urlpatterns = [
    # "path", so that a token with a stray slash gets the same answer as any other wrong one.
    path("s/<path:token>", pages.open_link, name="link-open"),
    path("code/", codes.enter_code, name="code-enter"),
    path("code/kiosk/", codes.switch_kiosk, name="kiosk-switch"),
    path("answer/", pages.welcome, name="welcome"),
    path("answer/sample/", pages.show_sample, name="sample-show"),
    path("answer/unit/", wrong_unit.report_unit, name="unit-report"),
    path("answer/language/", pages.choose_language, name="language-choose"),
    path("answer/<int:number>/", pages.answer_page, name="page-answer"),
    path("answer/save/", pages.save_draft, name="draft-save"),
    path("answer/review/", pages.review, name="answers-review"),
    path("answer/submit/", pages.submit, name="ballot-submit"),
    path("answer/thanks/", pages.show_thanks, name="thanks-show"),
    path("answer/withdraw/", pages.withdraw_draft, name="draft-withdraw"),
    path("answer/withdrawn/", pages.show_withdrawal, name="withdrawal-show"),
]
