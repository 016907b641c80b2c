"""The administrator's page of the mail domains from which people may be invited."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from survey.errors import InputError
from survey.forms.mail_domains import MailDomainsForm
from survey.mail.domains import domains_told
from survey.selectors.mail_domains import looked_after_organisations
from survey.services.organisations.mail_domains import set_mail_domains
from survey.views.requests import FORM_METHODS, StaffRequest, posted, status_of


@require_http_methods(FORM_METHODS)
def choose_domains(request: StaffRequest, organisation_id: UUID) -> HttpResponse:
    """Show the list; a post puts another in its place."""
    organisation = get_object_or_404(looked_after_organisations(request.user), pk=organisation_id)
    form = MailDomainsForm(organisation, posted(request))
    if form.is_valid():
        try:
            chosen = set_mail_domains(
                organisation=organisation, domains=form.cleaned_data["domains"], by=request.user
            )
            told = domains_told(chosen.mail_domains)
            messages.success(request, _("Saved. Allowed mail domains: %s.") % told)
            return redirect("survey:mail-domains-choose", organisation_id)
        except InputError as error:
            form.add_error("domains", str(error))
    context = {"organisation": organisation, "form": form}
    return render(request, "organisations/mail_domains.html", context, status=status_of(form))
