"""Weaknesses of who can reach a campaign's key, and of what a browser keeps."""

from tests.proofs.weaknesses.weakened_copy import Weakness

COPIES = "survey/opening/test_second_copies.py"
BODIES = "survey/test_large_bodies.py"
ENDS = "diagnostics/scoring/test_banded_ends.py"
RECEIPTS = "survey/answering/test_receipts.py"
WEB = "survey/opening/test_web_process.py"

KEY_AND_BROWSER_WEAKNESSES = (
    Weakness(
        "one copy of the key enough", "survey/selectors/launch/checklist.py",
        "    if not settings.KEY_COPY_DIR:\n", "    if settings.KEY_COPY_DIR is None:\n",
        f"{COPIES}::test_without_a_second_folder_a_launch_is_refused_and_told_who_can_mend_it",
    ),
    Weakness(
        "half a copy of the key enough", "survey/selectors/launch/checklist.py",
        "    if key.lacking_folder:\n", '    if key.lacking_folder == "KEY_DIR":\n',
        f"{COPIES}::test_a_copy_that_is_not_there_or_not_whole_is_no_copy",
    ),
    Weakness(
        "a page that asks for a key", "survey/middleware.py",
        "        with answering_request():\n            return self.get_response(request)\n",
        "        return self.get_response(request)\n",
        f"{WEB}::test_no_view_gets_a_key_in_whichever_process_it_runs",
    ),
    Weakness(
        "a web server that holds keys", "diagnostics/wsgi.py",
        "serve_pages_only()\n", "\n",
        f"{WEB}::test_the_process_of_the_web_server_reads_no_key_outside_of_requests_either",
    ),
    Weakness(
        "keys open to the web server, and nobody told", "survey/selectors/key_alarms.py",
        "        if os.geteuid() in {SUPERUSER, folder.stat().st_uid}:\n            return True\n",
        "",
        f"{WEB}::test_nothing_is_told_where_one_account_runs_both_on_purpose",
    ),
    Weakness(
        "staff pages that a browser may store", "survey/middleware.py",
        "            add_never_cache_headers(response)\n", "            pass\n",
        "architecture/test_access.py::test_no_answer_to_somebody_signed_in_may_be_stored",
    ),
    Weakness(
        "large bodies read before they are refused", "survey/large_bodies.py",
        "if _stated_length(request) > _most_bytes(request):", "if _most_bytes(request) < 0:",
        f"{BODIES}::test_a_body_over_the_limit_is_refused_unread_wherever_it_goes",
    ),
    Weakness(
        "an interval that tells unanimity", "diagnostics/scoring/results.py",
        "if not MEAN_LOW < self.score < MEAN_HIGH:", "if self.score < 0:",
        f"{ENDS}::test_unanimity_at_an_end_shows_no_interval_and_no_digits",
    ),
    Weakness(
        "the link kept after the answer", "survey/views/respondent/access.py",
        "    for name in (cookie_name(), browser_cookie_name()):\n"
        '        response.delete_cookie(name, samesite="Lax")\n', "",
        f"{RECEIPTS}::test_after_the_submit_the_browser_keeps_no_token",
    ),
    Weakness(
        "the thanks of somebody before", "survey/views/respondent/access.py",
        "    response.delete_cookie(done_cookie_name(), "
        'samesite="Lax")  # it may be somebody else\'s\n', "",
        f"{RECEIPTS}::test_the_next_person_at_the_same_browser_begins_anew",
    ),
)  # fmt: skip
