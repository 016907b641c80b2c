"""Choosing the mail domains from which an organisation's people may be invited."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext

from survey.errors import InputError
from survey.mail.domains import domain_as_sent, domains_told
from survey.models import Action, Organisation
from survey.policy import MOST_MAIL_DOMAINS
from survey.services.ledger import Doer, note


@transaction.atomic
def set_mail_domains(
    *, organisation: Organisation, domains: Iterable[str], by: Doer
) -> Organisation:
    """Allow these domains and no others, every one where there are none; note a change."""
    locked = _locked(organisation)
    return _save(locked, {domain_as_sent(one) for one in domains}, by)


@transaction.atomic
def change_mail_domains(
    *, organisation: Organisation, add: Iterable[str] = (), remove: Iterable[str] = (), by: Doer
) -> Organisation:
    """Allow further domains, and take others away, which have to be there."""
    locked = _locked(organisation)
    removed = {domain_as_sent(one) for one in remove}
    if missing := sorted(removed - set(locked.mail_domains)):
        raise InputError(
            gettext("Mail domain: expected one that is listed (%(allowed)s), found %(found)s.")
            % {"allowed": domains_told(locked.mail_domains), "found": domains_told(missing)}
        )
    kept = set(locked.mail_domains) - removed | {domain_as_sent(one) for one in add}
    if removed and not kept:
        raise InputError(
            gettext(
                "Mail domains: expected one that stays, found none: that would allow every one."
            )
        )
    return _save(locked, kept, by)


def _locked(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _save(organisation: Organisation, domains: Collection[str], by: Doer) -> Organisation:
    if len(domains) > MOST_MAIL_DOMAINS:
        raise InputError(
            gettext("Mail domains: expected at most %(most)d, found %(found)d.")
            % {"most": MOST_MAIL_DOMAINS, "found": len(domains)}
        )
    before, after = organisation.mail_domains, sorted(domains)
    if after != before:
        organisation.mail_domains = after
        organisation.save(update_fields=["mail_domains"])
        changed = {"old_domains": before, "new_domains": after}
        note(Action.MAIL_DOMAINS_CHANGED, by=by, organisation=organisation, detail=changed)
    return organisation
