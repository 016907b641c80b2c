"""Weaknesses of who can be invited: one mailbox as several people, and foreign mailboxes."""

from tests.proofs.weaknesses.weakened_copy import Weakness

MAILBOX = "survey/running/test_one_mailbox.py"
DOMAINS = "survey/organisations/test_mail_domains.py"

PEOPLE_WEAKNESSES = (
    Weakness(
        "one mailbox as nine people", "survey/mail/folded_addresses.py",
        "    name = name.partition(FOLDING)[0] or name\n", "",
        f"{MAILBOX}::test_nine_latecomers_at_one_foreign_mailbox_are_one",
    ),
    Weakness(
        "dots that make another mailbox", "survey/mail/folded_addresses.py",
        'name.replace(".", "")', "name",
        f"{MAILBOX}::test_an_import_compares_mailboxes_however_they_are_written",
    ),
    Weakness(
        "corrections that keep the old mailbox", "survey/services/running/links.py",
        '{"email": address, "mailbox": folded_address(address)}', '{"email": address}',
        f"{MAILBOX}::test_corrections_lead_to_no_mailbox_that_is_invited",
    ),
    Weakness(
        "latecomers at any domain", "survey/services/running/invitable_addresses.py",
        "if not is_allowed(address, domains):", "if not address:",
        f"{DOMAINS}::test_latecomers_at_foreign_domains_are_refused",
    ),
    Weakness(
        "domains that look like an allowed one", "survey/mail/domains.py",
        "domain_of(address) in allowed", "domain_of(address).endswith(tuple(allowed))",
        f"{DOMAINS}::test_an_import_names_each_row_at_a_foreign_domain",
    ),
    Weakness(
        "a launch to domains that are not allowed any more", "survey/selectors/launch/checklist.py",
        "refused := refused_domains(campaign)", "refused := []",
        f"{DOMAINS}::test_a_draft_with_people_at_other_domains_is_not_launched",
    ),
    Weakness(
        "an upload that is confirmed under older domains", "survey/services/setup/uploads.py",
        "        campaign.organisation.mail_domains,\n", "",
        f"{DOMAINS}::test_domains_that_change_while_an_upload_is_read_are_seen_under_the_lock",
    ),
    Weakness(
        "a manager who allows domains", "survey/access.py",
        'people may be invited",\n        (Role.ADMINISTRATOR,)',
        'people may be invited",\n        (Role.ADMINISTRATOR, Role.MANAGER)',
        f"{DOMAINS}::test_only_administrators_have_the_page",
    ),
    Weakness(
        "domains changed without a note", "survey/services/organisations/mail_domains.py",
        "        note(Action.MAIL_DOMAINS_CHANGED, by=by, organisation=organisation, "
        "detail=changed)\n",
        "",
        f"{DOMAINS}::test_a_change_on_the_page_stands_in_the_ledger_once",
    ),
)  # fmt: skip
