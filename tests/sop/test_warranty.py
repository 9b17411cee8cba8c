"""C3.3, C7: the company's promise as a document – which version holds, what changed, what the law says to it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from baoxiu.sop import amendments, codes, terms_lint
from baoxiu.sop.entitlement.engine import WEAK
from baoxiu.sop.entitlement.products import NAMES
from baoxiu.sop.entitlement.rules import RULES
from baoxiu.sop.warranty import FIRST, SCOPES, STARTS, CoverageTerm, Exclusions, Goods, Warranty, promises
from tests.sop.test_entitlement_laws import claims, decided, is_subsidiary, rank

D = dt.date
COVERAGES = st.builds(
    CoverageTerm,
    product_class=st.sampled_from(["", "", "appliance", "electronics"]),
    law_class=st.sampled_from(["", "", "washing_machine", "laptop"]),
    model=st.sampled_from(["", "", "XQG100"]),
    part=st.sampled_from(["", "", "motor", "compressor"]),
    months=st.integers(0, 60),
    scope=st.sampled_from(list(SCOPES)),
    starts=st.sampled_from(list(STARTS)),
)
EXCLUSIONS = st.builds(Exclusions, **dict.fromkeys(Exclusions.model_fields, st.booleans()))
DOCUMENTS = st.builds(
    Warranty,
    zh=st.just("保修"),
    en=st.just("Warranty"),
    coverages=st.lists(COVERAGES, min_size=1, max_size=4),
    exclusions=EXCLUSIONS,
)
GOODS = Goods("appliance", "washing_machine", "XQG100")


def document(*coverages: CoverageTerm, **more: object) -> Warranty:
    return Warranty.model_validate({"zh": "保修", "en": "Warranty", "coverages": coverages, **more})


def test_an_installation_starts_with_one_year():
    (promise,) = promises(FIRST, GOODS, sold_on=D(2026, 5, 1))
    assert (promise.months, promise.starts_on, promise.parts) == (12, D(2026, 5, 1), [])


# -- which version holds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "number"), [(D(2026, 1, 9), 0), (D(2026, 1, 10), 1), (D(2026, 2, 28), 1), (D(2026, 3, 1), 3)]
)
def test_a_purchase_has_the_version_of_its_day(day, number):
    assert amendments.holding([(D(2026, 1, 10), 1), (D(2026, 3, 1), 2), (D(2026, 3, 1), 3)], day) == number


@given(
    st.lists(st.dates(D(2024, 1, 1), D(2026, 12, 31)), max_size=6),
    st.dates(D(2024, 1, 1), D(2026, 12, 31)),
    st.dates(D(2024, 1, 1), D(2027, 12, 31)),
)
@settings(max_examples=100, deadline=None)
def test_a_version_to_come_changes_no_purchase_made_before(days, bought, begins):
    versions = [(day, n) for n, day in enumerate(sorted(days), 1)]
    assume(begins > bought)
    assert amendments.holding(versions, bought) == amendments.holding([*versions, (begins, 99)], bought)


# -- the best counts ----------------------------------------------------------------------------


def outcome(facts, warranty, delivered):
    sold = facts["sold_on"]
    found = promises(warranty, GOODS, sold_on=sold, delivered_on=delivered)
    return decided(facts | {"promises": [*facts["promises"], *(p.model_dump() for p in found)]})


@given(claims(), DOCUMENTS, COVERAGES, st.integers(0, 30))
@settings(max_examples=200, deadline=None)
def test_a_longer_promise_never_makes_a_customer_worse_off(facts, warranty, more, later):
    longer = warranty.model_copy(update={"coverages": [*warranty.coverages, more]})
    delivered = facts["sold_on"] + dt.timedelta(later)
    before, after = (outcome(facts, w, delivered) for w in (warranty, longer))
    assume(not is_subsidiary(before))
    assert rank(after) <= rank(before), (before.result, after.result)


@given(claims(), DOCUMENTS, DOCUMENTS, st.sampled_from(["", "MISUSE", "UNAUTH_OPEN", "SOFTWARE"]))
@settings(max_examples=300, deadline=None)
def test_what_is_not_said_to_take_away_takes_nothing_away(facts, before, after, exclusion):
    """`is_weaker` may err to yes, never to no."""
    after = after.model_copy(
        update={
            "coverages": [*after.coverages, *(c for c in before.coverages if c.months % 2)],
            "exclusions": before.exclusions,
        }
    )
    assume(not amendments.is_weaker(before, after))
    facts |= {"exclusion": exclusion, "fault": "other"} if exclusion else {}
    was, is_now = (outcome(facts, w, facts["sold_on"]) for w in (before, after))
    assume(not is_subsidiary(was))
    assert rank(is_now) <= rank(was), (was.result, is_now.result)


def test_what_the_promise_does_not_exclude_is_free_though_the_law_excludes_it():
    facts = {
        "sold_on": D(2026, 5, 1), "claim_on": D(2026, 6, 1), "fault": "other", "exclusion": "UNAUTH_OPEN", "evidence": True,
        "product_class": "washing_machine", "promises": [],
    }  # fmt: skip
    kind = document(CoverageTerm(months=12), exclusions=Exclusions(unauth_open=False))
    assert outcome(facts, FIRST, None).outcome == "paid"
    assert outcome(facts, kind, None).outcome == "free"
    assert outcome({**facts, "exclusion": "MISUSE"}, kind, None).outcome == "paid"


def test_a_coverage_from_delivery_waits_for_it():
    late = document(CoverageTerm(months=12, starts="delivery"))
    sold, delivered = D(2026, 1, 10), D(2026, 2, 20)
    assert promises(late, GOODS, sold_on=sold, delivered_on=delivered)[0].starts_on == delivered
    assert promises(late, GOODS, sold_on=sold)[0].starts_on == sold


def test_limits_are_kept():
    rows = document(
        CoverageTerm(months=24, product_class="electronics"), CoverageTerm(months=36, law_class="washing_machine"),
        CoverageTerm(months=6, model="OTHER"), CoverageTerm(months=60, part="motor", scope="parts"),
    )  # fmt: skip
    found = promises(rows, GOODS, sold_on=D(2026, 1, 1))
    assert [(p.months, p.parts, p.labour, p.material, p.travel) for p in found] == [
        (36, [], True, True, True),
        (60, ["motor"], False, True, False),
    ]


# -- what changed -------------------------------------------------------------------------------


def test_changes_say_what_came_went_and_how_long():
    after = document(CoverageTerm(months=24), CoverageTerm(months=60, part="motor"))
    assert [(c.kind, c.before and c.before.months, c.after and c.after.months) for c in amendments.compare(FIRST, after)] == [
        ("changed", 12, 24),
        ("added", None, 60),
    ]  # fmt: skip
    assert not amendments.is_weaker(FIRST, after) and amendments.taken_away(after, FIRST) == after.coverages
    assert amendments.compare(after, after) == []


def test_an_exclusion_more_takes_something_away():
    kind = FIRST.model_copy(update={"exclusions": Exclusions(software=False)})
    assert amendments.exclusions_added(kind, FIRST) == ["SOFTWARE"]
    assert amendments.is_weaker(kind, FIRST) and not amendments.is_weaker(FIRST, kind)


def test_texts_are_compared_by_the_sentence():
    found = amendments.words("保修一年。先报价。", "保修两年。先报价。")
    assert found == [("-", "保修一年。"), ("+", "保修两年。"), ("", "先报价。")]


@given(DOCUMENTS, st.dates(D(2024, 1, 1), D(2026, 12, 31)))
@settings(max_examples=50, deadline=None)
def test_the_hash_is_that_of_the_document_and_its_day(warranty, day):
    again = Warranty.model_validate_json(warranty.canonical)
    assert again == warranty and again.sha256(day) == warranty.sha256(day)
    assert again.sha256(day + dt.timedelta(1)) != warranty.sha256(day)
    assert warranty.model_copy(update={"en": "Else"}).sha256(day) != warranty.sha256(day)


# -- what the law says --------------------------------------------------------------------------


def rules_of(warranty, sold=(), level="error", **more):
    return {f.rule for f in terms_lint.lint(warranty, sold, **more) if f.level == level}


def test_one_year_is_lawful_but_short_for_main_parts():
    assert rules_of(FIRST) == set()
    assert {"CN-3BAO-95-003", "CN-3BAO-PC-002"} <= rules_of(FIRST, level="warning")


def test_six_months_are_fewer_than_the_law_gives_and_the_rule_is_named():
    found = terms_lint.lint(document(CoverageTerm(months=6)), [GOODS])
    (error,) = terms_lint.errors(found)
    assert (error.rule, error.words.en) == (
        "CN-3BAO-95-003",
        "washing machine: by law 12 months, promised 6.",
    )
    assert "CN-LAYER-007" in rules_of(document(CoverageTerm(months=5)), [GOODS])
    assert "CN-LAYER-007/terms" in rules_of(document(CoverageTerm(months=2)), [GOODS])


def test_only_what_is_sold_or_named_is_asked_about():
    assert rules_of(document(CoverageTerm(months=6)), [Goods("machinery")]) == set()
    named = document(CoverageTerm(months=12), CoverageTerm(months=24, law_class="family_car"))
    assert "CN-3BAO-CAR-001" in rules_of(named, [Goods("machinery")])


def test_labour_alone_is_no_free_repair():
    assert "CN-3BAO-95-003" in rules_of(document(CoverageTerm(months=24, scope="labour")), [GOODS])


def test_a_rule_switched_off_says_nothing():
    six = document(CoverageTerm(months=6))
    assert rules_of(six, [GOODS], off=WEAK | {"row/washing_machine"}) == set()
    assert rules_of(six, [GOODS], off=WEAK | {"CN-3BAO-95-003"}) == set()


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("本公司对本条款拥有最终解释权。", "final-interpretation"),
        ("We reserve the right of final interpretation.", "final-interpretation"),
        ("商品一经售出，概不退换。", "no-returns"),
        ("All sales are final.", "no-returns"),
        ("本公司有权随时修改本承诺。", "at-will"),
        ("We may change these terms at any time.", "at-will"),
        ("签收即视为质量合格。", "receipt-is-acceptance"),
        ("The customer waives any claim.", "no-complaints"),
    ],
)
def test_void_clauses_are_found_in_either_language(words, rule):
    field = "zh" if words[0] > "⺀" else "en"
    assert f"CN-LAYER-003/{rule}" in rules_of(document(CoverageTerm(months=24), **{field: words}))
    assert not any(r.startswith("CN-LAYER-003") for r in rules_of(FIRST))


def test_every_rule_the_lint_names_is_one_of_the_engine():
    known = {*terms_lint.PERIODS.values(), "CN-LAYER-007", "CN-LAYER-007/terms", "EU-SGD-001"}
    assert known <= set(RULES)


def test_a_document_needs_words_in_both_languages_and_a_coverage():
    for wrong in ({"zh": ""}, {"en": " "}, {"coverages": None}, {"coverages": [{"months": -1}]}):
        with pytest.raises(ValidationError):
            document(*FIRST.coverages, **wrong) if "coverages" not in wrong else Warranty.model_validate(
                {"zh": "a", "en": "b", **wrong}
            )
    with pytest.raises(ValidationError):
        CoverageTerm(months=12, law_class="spaceship")
    assert set(codes.PRODUCT_CLASSES) and "" in NAMES
