"""The form that lists the mail domains from which people may be invited."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from survey.errors import InputError
from survey.mail.domains import domain_as_sent
from survey.mail.shown_addresses import shown_domain
from survey.models import Organisation


class MailDomainsForm(forms.Form):
    """Domains, one on each line, or every one."""

    domains = forms.CharField(
        label=_("Allowed mail domains"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One on each line, such as example.com."),
    )
    every = forms.BooleanField(label=_("Every domain is allowed"), required=False)

    def __init__(self, organisation: Organisation, *args: Any, **options: Any) -> None:  # noqa: ANN401
        present = organisation.mail_domains
        initial = {"domains": "\n".join(map(shown_domain, present)), "every": not present}
        super().__init__(*args, **{"initial": initial, **options})

    def clean_domains(self) -> list[str]:
        """Return the domains as addresses are stored with them."""
        try:
            return [domain_as_sent(one) for one in self.cleaned_data["domains"].split()]
        except InputError as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> None:
        """Let nobody allow every domain by an empty field alone."""
        domains = self.cleaned_data.get("domains")
        if domains is not None and bool(domains) == self.cleaned_data["every"]:
            expected = gettext(
                "Mail domains: expected a list, or that every one is allowed, found %s."
            )
            self.add_error(
                "domains", expected % (gettext("both") if domains else gettext("nothing"))
            )
