"""Items that operations or sales only are asked: written, answered, sealed and released."""

import re
from collections import defaultdict

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from survey.errors import InputError
from survey.instrument.answers import Answers
from survey.instrument.pages import minutes_to_answer
from survey.instrument.shape import shape_problems
from survey.models import Ballot, Draft, Membership, Response, Role, User
from survey.release.exclusions import ExclusionRules, exclusion_reasons
from survey.sealing import boxes, keys
from survey.selectors.respondents import read_draft
from survey.services import ballots
from survey.services.opening.opening import open_campaign
from survey.services.setup import instruments
from tests.survey.opening.opening_scenes import closed_campaign
from tests.survey.release.differencing import exposed_group
from tests.survey.release.published_sums import people_behind, people_of_pools
from tests.survey.release.release_scenes import (
    answers_of,
    random_answers,
    random_tree,
    released,
    tree_of,
)
from tests.survey.release.special_items import content_with, short_special_instrument
from tests.survey.small_campaign import open_small_campaign
from tests.survey.staff_scenes import organisation_with_manager

STATEMENT = re.compile(r'<fieldset class="statement" id="([^"]+)"')
ORGANISATIONS = 12
SPECIAL = {"TF6": "sales", "CF5": "operations"}


@pytest.mark.parametrize(
    ("code", "change", "problem"),
    [
        ("TF", {"TF6": "service"}, "TF6 function: expected operations / sales, found service."),
        ("TF", dict.fromkeys(("TF1", "TF2", "TF3", "TF4", "TF5"), "sales"),
         ("TF: expected an item that both functions are asked, or one for each, found items for "
          "sales only.")),
        ("MV", {"MV1": "sales"},
         "MV: expected items that both functions are asked, found one for one function."),
    ],
)  # fmt: skip
def test_a_function_that_leaves_something_out_is_named_with_its_place(
    code: str, change: dict[str, str], problem: str
) -> None:
    content = content_with(TF6="sales")
    construct = next(one for one in content["constructs"] if one["code"] == code)
    construct["items"] = [
        item | ({"function": change[item["code"]]} if item["code"] in change else {})
        for item in construct["items"]
        if item["code"] != "TF6" or "TF6" in change
    ]

    assert list(shape_problems(content)) == [problem]


@pytest.mark.django_db
def test_a_manager_adds_an_item_for_one_function_and_the_file_carries_it(client: Client) -> None:
    organisation, manager = organisation_with_manager()
    client.force_login(manager)
    copied = instruments.copy_instrument(
        version=instruments.load_default_instrument(), organisation=organisation, by=manager
    )
    base = f"/organisations/{organisation.pk}/questionnaires/"
    items = f"{base}{copied.pk}/items/TF/"
    new = {"code": "TF7", "text": "We {repair | sell} first.", "function": "sales"}

    client.post(items, new)

    page = " ".join(client.get(items).content.decode().split())
    copied.refresh_from_db()
    assert copied.content["constructs"][0]["items"][-1] == {
        "code": "TF7", "text": {"en": "We {repair | sell} first."}, "function": "sales",
    }  # fmt: skip
    assert 'TF7 <span class="state"> Service sales only </span>' in page
    assert "We sell first." in page
    assert "We repair first." not in page
    texts = " ".join(client.get(f"{base}{copied.pk}/texts/TF/fi/").content.decode().split())
    assert 'TF7 <span class="state"> Service sales only </span> </p> <p>We sell first.</p>' in texts
    file = client.get(f"{base}{copied.pk}/file.yaml").content
    client.post(f"{base}import/", {"file": SimpleUploadedFile("mine.yaml", file)})
    made = instruments.InstrumentVersion.objects.get(version=4)
    assert made.content == {**copied.content, "version": 4}
    for code in ("TF1", "TF2", "TF3", "TF4", "TF5"):
        instruments.remove_item(version=copied, construct="TF", code=code)
    with pytest.raises(InputError, match="TF: expected an item that both functions are asked"):
        instruments.remove_item(version=copied, construct="TF", code="TF6")


@pytest.mark.django_db
@pytest.mark.parametrize("function", ["operations", "sales"])
def test_people_are_asked_their_own_functions_items_and_no_others(
    client: Client, function: str
) -> None:
    small = open_small_campaign(function=function, content=content_with(**SPECIAL))
    own, others = sorted(SPECIAL, key=lambda code: SPECIAL[code] != function)
    client.get(f"/s/{small.tokens[0]}")

    shown = [
        code
        for number in range(1, 8)
        for code in STATEMENT.findall(client.get(f"/answer/{number}/").content.decode())
    ]
    assert sorted(shown) == sorted(item.code for item in small.instrument.asked_of(function))
    assert (own in shown, others in shown) == (True, False)
    asked = len(shown)
    assert f"{asked} short statements, about" in " ".join(
        client.get("/answer/").content.decode().split()
    )
    assert minutes_to_answer(small.instrument, function=function) == -(-asked * 15 // 60)
    post = dict.fromkeys((*shown, others), "4")
    assert client.post("/answer/save/", post).status_code == 204
    assert read_draft(small.tokens[0]).items == dict.fromkeys(shown, 4)
    review = " ".join(client.get("/answer/review/").content.decode().split())
    assert f"You have answered {asked} of {asked} statements." in review
    with pytest.raises(InputError, match=f"asks {function}, found another"):
        ballots.save_draft(token=small.tokens[0], answers=Answers({others: 4}))


@pytest.mark.django_db
def test_ballots_of_both_functions_hold_the_same_items_in_the_same_size() -> None:
    content = content_with(**SPECIAL)
    campaigns = [
        open_small_campaign(function=function, content=content)
        for function in ("operations", "sales")
    ]
    opened, sizes = [], set()
    for small, function in zip(campaigns, ("operations", "sales"), strict=True):
        answers = {item.code: 4 for item in small.instrument.asked_of(function)}
        ballots.save_draft(token=small.tokens[0], answers=Answers(answers))
        sizes.add(len(Draft.objects.get(campaign=small.campaign).ciphertext))
        ballots.submit(token=small.tokens[0], answers=Answers(answers))
        box = Ballot.objects.get(campaign=small.campaign).box
        sizes.add(len(box) - 8)  # the seal is longer than a draft's
        opened.append(boxes.open_box(keys.load_private_key(small.campaign.pk), box)["answers"])

    assert sizes == {4096 + 40}
    assert opened[0].keys() == opened[1].keys() == {i.code for _, i in small.instrument.items()}
    assert [(one["TF6"], one["CF5"]) for one in opened] == [(None, 4), (4, None)]


@pytest.mark.django_db
def test_the_preview_shows_what_the_chosen_function_is_asked(client: Client) -> None:
    small = open_small_campaign(content=content_with(**SPECIAL))
    manager = User.objects.create_user("maria@pumps.example", name="Maria")
    Membership.objects.create(
        user=manager, organisation=small.campaign.organisation, role=Role.MANAGER
    )
    client.force_login(manager)

    shown = {}
    for function in ("operations", "sales"):
        client.get(f"/campaigns/{small.campaign.pk}/preview/{function}/")
        pages = [client.get(f"/preview/{number}/").content.decode() for number in range(1, 8)]
        shown[function] = {code for page in pages for code in STATEMENT.findall(page)}
    assert shown["operations"] ^ shown["sales"] == {"TF6", "CF5"}
    assert "TF6" in shown["sales"]


def test_the_same_answer_everywhere_is_counted_among_the_items_asked() -> None:
    instrument = short_special_instrument()
    answers = answers_of(("u0", 2, 2), random=np.random.default_rng(1), instrument=instrument)
    items = [item.code for item in instrument.asked_of("") if item.code != "CHECK1"]
    answers[items] = 4.0
    answers["TF3"] = [np.nan, np.nan, 4.0, 2.0]
    answers["RB3"] = [4.0, 2.0, np.nan, np.nan]

    # Seven of eight are .875 of those asked; of the nine that exist they would be .78.
    reasons = exclusion_reasons(answers, instrument, ExclusionRules(uniform_share=0.88))
    assert reasons.tolist() == ["uniform_share", "", "uniform_share", ""]


def test_an_answer_that_somebody_was_not_asked_is_refused() -> None:
    instrument = short_special_instrument()
    answers = answers_of(("u0", 6, 6), random=np.random.default_rng(1), instrument=instrument)
    answers.loc[0, "TF3"] = 4.0

    with pytest.raises(InputError, match="expected TF3 from sales only, which is asked"):
        released(answers, tree_of(-1), instrument=instrument)


def test_rows_that_may_not_tell_the_function_hold_no_item_that_would() -> None:
    instrument = short_special_instrument()
    random = np.random.default_rng(1)
    groups = (("u1", 12, 3), ("u2", 6, 8), ("u3", 11, 2))
    answers = answers_of(*groups, random=random, instrument=instrument)
    tables, rows = released(answers, tree_of(-1, 0, 0, 0), instrument=instrument)

    hidden, told = rows[rows["pool"] == "pool/u1"], rows[rows["pool"] == "pool/u2"]
    assert (set(hidden["function"]), set(told["function"])) == ({""}, {"operations", "sales"})
    assert hidden[["TF3", "RB3"]].notna().sum().tolist() == [0, 0]
    assert told["TF3"].notna().tolist() == (told["function"] == "sales").tolist()
    # Six answers to a sensitive item are too few, wherever they are.
    assert rows["RB3"].notna().sum() == 0
    cells = tables.cells[tables.cells["item"] == "TF3"].set_index("set")["n"].to_dict()
    assert cells == {
        "general/unit/u0": 8, "general/unit/u0/sales": 8,
        "general/unit/u2": 8, "general/unit/u2/sales": 8,
        "sensitive/unit/u0": 8, "sensitive/unit/u0/sales": 8,
        "sensitive/unit/u2": 8,
    }  # fmt: skip


@pytest.mark.parametrize("missing", [0.0, 0.12])
def test_no_figure_or_row_of_such_items_singles_out_a_small_group(missing: float) -> None:
    instrument = short_special_instrument()
    told_at_all = 0
    for seed in range(ORGANISATIONS):
        random = np.random.default_rng(seed)
        tree = random_tree(int(random.integers(5, 31)), random)
        answers = random_answers(tree, random, missing=missing, instrument=instrument)
        tables, rows = released(answers, tree, instrument=instrument)
        pools = people_of_pools(tables, answers)
        labels = rows.groupby("pool")["function"].first()
        labelled = pools.map(labels).fillna("") != ""
        for item, function, floor in (("TF3", "sales", 5), ("RB3", "operations", 10)):
            kept = answers.assign(**{item: answers[item].where(labelled)})
            sums: dict[str, set[int]] = defaultdict(set)
            sums.update(people_behind(tables, kept, pools, item))
            of_item = tables.cells[tables.cells["item"] == item].set_index("set")
            for key, cell in of_item.iterrows():
                values = kept[item].iloc[sorted(sums[str(key)])]
                assert cell["n"] == len(values)
                assert cell["mean"] == pytest.approx(min(max(float(values.mean()), 1.5), 6.5))
            of_rows = rows[rows[item].notna()]
            assert set(of_rows["function"]) <= {function}
            for pool in of_rows["pool"].unique():
                chosen = (pools == pool) & kept[item].notna()
                told_at_all += int(chosen.sum())
                assert chosen.sum() == (of_rows["pool"] == pool).sum()
            # The analyst has the rows as one table: their sum, beside every published figure.
            whole = pools.isin(of_rows["pool"].unique()) & kept[item].notna()
            sums["rows"] = set(np.flatnonzero(whole).tolist())
            assert exposed_group(sums, len(answers), floor) == 0

    assert told_at_all > 100


@pytest.mark.django_db(transaction=True)
def test_an_opened_campaign_keeps_such_answers_under_a_told_function_only() -> None:
    closed = closed_campaign(
        groups=(("N1", "operations", 12), ("N1", "sales", 3), ("N2", "sales", 11)),
        content=content_with(TF6="sales"),
    )
    open_campaign(campaign_id=closed.campaign.pk)

    stored = Response.objects.filter(campaign=closed.campaign)
    holding = [one.function for one in stored if "TF6" in one.answers]
    given = closed.answers[closed.answers["function"] == "sales"]["TF6"].notna()
    assert set(holding) == {"sales"}
    assert len(holding) == given.iloc[3:].sum()
    assert stored.filter(function="").count() == 15
