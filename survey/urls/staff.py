"""Addresses of staff pages: accounts, organisation, campaigns."""

from django.contrib.auth import views as auth_views
from django.urls import path, reverse_lazy

from survey.forms.accounts import SignInForm
from survey.password_links import password_links
from survey.views import (
    accounts,
    bounces,
    campaign_changes,
    campaigns,
    code_sheets,
    exports,
    head_counts,
    instrument_editor,
    instruments,
    ledger,
    logos,
    mail_domains,
    passphrases,
    people,
    second_words,
    stored,
    unit_moves,
    units,
)
from survey.views.setup import mails as setup_mails
from survey.views.setup import preview, trial_mails, uploads
from survey.views.setup import steps as setup

app_name = "survey"
CAMPAIGN = "campaigns/<uuid:campaign_id>/"
UNITS = "organisations/<uuid:organisation_id>/units/"
INSTRUMENTS = "organisations/<uuid:organisation_id>/questionnaires/"
INSTRUMENT = f"{INSTRUMENTS}<uuid:instrument_id>/"
account_patterns = [
    path(
        "sign-in/",
        auth_views.LoginView.as_view(
            template_name="accounts/sign_in.html",
            authentication_form=SignInForm,
            redirect_authenticated_user=True,
        ),
        name="account-sign-in",
    ),
    path("sign-out/", auth_views.LogoutView.as_view(), name="account-sign-out"),
    path("language/", accounts.choose_language, name="account-language"),
    path(
        "password/",
        auth_views.PasswordChangeView.as_view(
            template_name="accounts/change.html",
            success_url=reverse_lazy("survey:password-changed"),
        ),
        name="password-change",
    ),
    path(
        "password/changed/",
        auth_views.PasswordChangeDoneView.as_view(template_name="accounts/changed.html"),
        name="password-changed",
    ),
    path("password/reset/", accounts.reset_password, name="password-reset"),
    path("password/reset/sent/", accounts.show_reset_sent, name="password-reset-sent"),
    path(
        "password/set/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(
            template_name="accounts/set.html",
            token_generator=password_links,
            success_url=reverse_lazy("survey:password-set-done"),
        ),
        name="password-set",
    ),
    path(
        "password/set/done/",
        auth_views.PasswordResetCompleteView.as_view(template_name="accounts/set_done.html"),
        name="password-set-done",
    ),
]
campaign_patterns = [
    path("campaigns/", campaigns.list_campaigns, name="campaign-list"),
    path("campaigns/new/", setup.begin_campaign, name="campaign-create"),
    path("campaigns/<uuid:campaign_id>/", campaigns.show_campaign, name="campaign-detail"),
    path("campaigns/<uuid:campaign_id>/launch/", campaigns.launch_campaign, name="campaign-launch"),
    path("campaigns/<uuid:campaign_id>/remind/", campaigns.remind, name="campaign-remind"),
    path(f"{CAMPAIGN}resend/", campaigns.resend_failed_mails, name="campaign-resend"),
    path("campaigns/<uuid:campaign_id>/stored/", stored.show_stored, name="campaign-stored"),
    path(f"{CAMPAIGN}ledger.csv", ledger.export_campaign, name="campaign-ledger-csv"),
    path("ledger/", ledger.list_ledgers, name="ledger-list"),
    path(
        "organisations/<uuid:organisation_id>/ledger.csv",
        ledger.export_organisation,
        name="organisation-ledger-csv",
    ),
    path(f"{CAMPAIGN}head-counts/", head_counts.confirm, name="head-count-confirm"),
    path(f"{CAMPAIGN}passphrase/", passphrases.show_passphrase, name="campaign-passphrase"),
    path("campaigns/<uuid:campaign_id>/close/", campaigns.close, name="campaign-close"),
    path("campaigns/<uuid:campaign_id>/discard/", campaigns.discard, name="campaign-discard"),
]
setup_patterns = [
    path(f"{CAMPAIGN}name/", setup.edit_step, {"step": "name"}, name="setup-name"),
    path(f"{CAMPAIGN}files/", uploads.choose_files, name="setup-people"),
    path(f"{CAMPAIGN}without-mail/", head_counts.enter, name="head-count-enter"),
    path("uploads/<uuid:upload_id>/", uploads.preview_upload, name="upload-preview"),
    path(
        f"{CAMPAIGN}questionnaire/",
        setup.edit_step,
        {"step": "questionnaire"},
        name="setup-questionnaire",
    ),
    path(f"{CAMPAIGN}dates/", setup.edit_step, {"step": "dates"}, name="setup-dates"),
    path(f"{CAMPAIGN}privacy/", setup.edit_step, {"step": "privacy"}, name="setup-privacy"),
    path(f"{CAMPAIGN}mails/", setup_mails.edit_words, name="setup-mails"),
    path(f"{CAMPAIGN}mails/test/", setup_mails.send_trial_mail, name="trial-send"),
    path(f"{CAMPAIGN}preview/<str:function>/", preview.start_preview, name="preview-start"),
    path("trial/<uuid:trial_id>/", trial_mails.confirm_trial, name="trial-confirm"),
    path("hooks/bounces/", bounces.receive_report, name="bounce-receive"),
    path("logo/<uuid:campaign_id>/", logos.show_logo, name="logo-show"),
]
change_patterns = [
    path(f"{CAMPAIGN}extend/", campaign_changes.extend, name="campaign-extend"),
    path(f"{CAMPAIGN}cancel/", campaign_changes.cancel, name="campaign-cancel"),
    path(
        f"{CAMPAIGN}asked/<uuid:change_id>/take-back/",
        campaign_changes.take_back,
        name="asked-change-take-back",
    ),
    path(f"{CAMPAIGN}codes/", code_sheets.make_codes, name="code-list"),
    path(f"{CAMPAIGN}codes/revoke/", code_sheets.revoke, name="code-revoke"),
    path(f"{CAMPAIGN}people.csv", exports.export_people, {"kind": "csv"}, name="people-export-csv"),
    path(
        f"{CAMPAIGN}people.xlsx", exports.export_people, {"kind": "xlsx"}, name="people-export-xlsx"
    ),
    path(
        f"{CAMPAIGN}units.csv",
        exports.export_campaign_units,
        {"kind": "csv"},
        name="campaign-units-csv",
    ),
    path(
        f"{CAMPAIGN}units.xlsx",
        exports.export_campaign_units,
        {"kind": "xlsx"},
        name="campaign-units-xlsx",
    ),
    path(f"{CAMPAIGN}people/", people.list_people, name="person-list"),
    path(f"{CAMPAIGN}people/new/", people.add_latecomer, name="person-add"),
    path(f"{CAMPAIGN}people/<uuid:recipient_id>/", people.show_person, name="person-detail"),
    path(f"{CAMPAIGN}people/<uuid:recipient_id>/resend/", people.resend, name="person-resend"),
    path(
        f"{CAMPAIGN}people/<uuid:recipient_id>/new-link/",
        people.replace_link,
        name="person-replace-link",
    ),
    path(f"{CAMPAIGN}people/<uuid:recipient_id>/move/", unit_moves.move, name="person-move"),
    path(
        f"{CAMPAIGN}people/<uuid:recipient_id>/settle/",
        unit_moves.settle,
        name="unit-report-settle",
    ),
    path(
        f"{CAMPAIGN}people/<uuid:recipient_id>/revoke/",
        people.revoke_link,
        name="person-revoke-link",
    ),
]
unit_patterns = [
    path(
        "organisations/<uuid:organisation_id>/mail-domains/",
        mail_domains.choose_domains,
        name="mail-domains-choose",
    ),
    path(f"{UNITS}units.csv", exports.export_units, {"kind": "csv"}, name="unit-export-csv"),
    path(f"{UNITS}units.xlsx", exports.export_units, {"kind": "xlsx"}, name="unit-export-xlsx"),
    path("second-words/", second_words.list_second_words, name="second-word-list"),
    path(
        "second-words/readers/<uuid:reader_id>/agree/",
        second_words.agree_reader,
        name="later-reader-agree",
    ),
    path(
        "second-words/changes/<uuid:change_id>/agree/",
        second_words.agree_change,
        name="asked-change-agree",
    ),
    path(
        "second-words/changes/<uuid:change_id>/refuse/",
        second_words.refuse,
        name="asked-change-refuse",
    ),
    path(UNITS, units.list_units, name="unit-list"),
    path(f"{UNITS}<uuid:unit_id>/", units.show_unit, name="unit-leaders"),
    path(f"{UNITS}<uuid:unit_id>/<uuid:user_id>/end/", units.end_leadership, name="leadership-end"),
]
instrument_patterns = [
    path(INSTRUMENTS, instruments.list_instruments, name="instrument-list"),
    path(f"{INSTRUMENTS}import/", instruments.import_file, name="instrument-import"),
    path(INSTRUMENT, instruments.show_instrument, name="instrument-detail"),
    path(f"{INSTRUMENT}copy/", instruments.copy, name="instrument-copy"),
    path(
        f"{INSTRUMENT}file.yaml",
        instruments.export_file,
        {"kind": "yaml"},
        name="instrument-export-yaml",
    ),
    path(
        f"{INSTRUMENT}file.json",
        instruments.export_file,
        {"kind": "json"},
        name="instrument-export-json",
    ),
    path(f"{INSTRUMENT}languages/", instrument_editor.begin_language, name="instrument-language"),
    path(f"{INSTRUMENT}check/", instrument_editor.note_check, name="instrument-check"),
    path(
        f"{INSTRUMENT}texts/<slug:section>/<slug:language>/",
        instrument_editor.edit_texts,
        name="instrument-texts",
    ),
    path(
        f"{INSTRUMENT}items/<slug:section>/", instrument_editor.edit_items, name="instrument-items"
    ),
    path(
        f"{INSTRUMENT}items/<slug:section>/<slug:code>/remove/",
        instrument_editor.remove_item,
        name="instrument-item-remove",
    ),
]
urlpatterns = [
    *account_patterns,
    *campaign_patterns,
    *setup_patterns,
    *change_patterns,
    *unit_patterns,
    *instrument_patterns,
]
