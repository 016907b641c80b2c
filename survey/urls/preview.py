"""The respondent's addresses once more, for a manager who looks and can write nothing.

Templates name addresses by the application; Django then stays within the instance it is in.
"""

from django.urls import path
from django.views.generic import RedirectView

from survey.views.setup import preview

app_name = "respondent"
back = RedirectView.as_view(pattern_name="preview:welcome")
urlpatterns = [
    path("", preview.welcome, name="welcome"),
    path("code/", back, name="code-enter"),
    path("sample/", preview.show_sample, name="sample-show"),
    path("language/", preview.choose_language, name="language-choose"),
    path("<int:number>/", preview.answer_page, name="page-answer"),
    path("save/", preview.forget_draft, name="draft-save"),
    path("review/", preview.review, name="answers-review"),
    path("submit/", preview.submit, name="ballot-submit"),
    path("thanks/", preview.show_thanks, name="thanks-show"),
    path("withdraw/", preview.withdraw, name="draft-withdraw"),
    path("withdrawn/", preview.show_withdrawal, name="withdrawal-show"),
]
