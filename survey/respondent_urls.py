"""Addresses of the respondent's pages; the only ones without a login besides sign-in."""

from django.urls import path

from survey.views import codes
from survey.views.respondent.pages import pages as respondent
from survey.views.respondent.pages import unit as respondent_unit

app_name = "respondent"
urlpatterns = [
    # "path", so that a token with a stray slash gets the same answer as any other wrong one.
    path("s/<path:token>", respondent.open_link, name="link-open"),
    path("code/", codes.enter_code, name="code-enter"),
    path("code/kiosk/", codes.switch_kiosk, name="kiosk-switch"),
    path("answer/", respondent.welcome, name="welcome"),
    path("answer/sample/", respondent.show_sample, name="sample-show"),
    path("answer/unit/", respondent_unit.report_unit, name="unit-report"),
    path("answer/language/", respondent.choose_language, name="language-choose"),
    path("answer/<int:number>/", respondent.answer_page, name="page-answer"),
    path("answer/save/", respondent.save_draft, name="draft-save"),
    path("answer/review/", respondent.review, name="answers-review"),
    path("answer/submit/", respondent.submit, name="ballot-submit"),
    path("answer/thanks/", respondent.show_thanks, name="thanks-show"),
    path("answer/withdraw/", respondent.withdraw_draft, name="draft-withdraw"),
    path("answer/withdrawn/", respondent.show_withdrawal, name="withdrawal-show"),
]
