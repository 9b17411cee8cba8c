"""C1, C6.2: a case's certificate can be checked by a stranger with a script, and tampering is named."""

from __future__ import annotations

import copy
import datetime as dt
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from baoxiu.cases import conformance, eventlog, signing
from baoxiu.cases.models import Case, Content, JournalEntry
from baoxiu.lib import ed25519, eventlogs
from baoxiu.service_levels import operations as levels
from baoxiu.sop import foreign
from baoxiu.sop.alignment import Aligner, fit
from baoxiu.sop.conformance import BROKEN, KEPT, OWED, WAIVED
from baoxiu.sop.service_levels import FIRST, Book
from baoxiu.sop.standard import STANDARD
from tests.conftest import NOW, Cast
from tests.rooms.walking import CALLS, FREE_REPAIR, ON_SITE, Walk, begin, to_depot
from tools import verify_certificate as script

SCRIPT = Path(script.__file__)


@pytest.fixture
def walk(cast: Cast) -> Walk:
    """A whole case: free repair on site, the engineer's call waived after three misses, the answer late."""
    walk = begin(cast, NOW).wait(hours=2).steps(f"{ON_SITE} {FREE_REPAIR} hand_over")
    walk.steps("follow_up_missed follow_up_missed follow_up_missed waive_follow_up final_follow_up close")
    return walk


def certificate(walk: Walk, **more: Any) -> dict[str, Any]:
    made = conformance.certificate(walk.cast.actor("manager"), walk.case, now=walk.now)
    return {**json.loads(json.dumps(made)), **more}


def test_the_verdicts_of_a_case_name_breach_and_waiver(walk: Walk) -> None:
    found = {v.clause: v for v in conformance.of_case(walk.cast.actor("agent"), walk.case, now=walk.now)}
    assert found["C4.2"].outcome == BROKEN  # the first answer came after two hours
    assert [f.name for f in found["C4.2"].findings if f.outcome == BROKEN] == ["first_response"]
    (waiver,) = (f for f in found["C4.6"].findings if f.outcome == WAIVED)
    assert (waiver.who, waiver.reason, waiver.name) == ("李客服", "理由充分", "engineer_followup")
    assert found["C4.3"].outcome == found["C4.5"].outcome == found["C3.1"].outcome == KEPT


def test_a_stranger_sees_no_verdict_and_gets_no_certificate(walk: Walk) -> None:
    stranger = walk.cast.actor("station_head2")
    assert conformance.of_case(stranger, walk.case, now=NOW) == ()
    with pytest.raises(Case.DoesNotExist):
        conformance.certificate(stranger, walk.case, now=NOW)


def test_the_script_agrees_and_needs_nothing_of_ours(walk: Walk, tmp_path: Path) -> None:
    made = certificate(walk)
    file = tmp_path / "c.json"
    file.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    run = [sys.executable, "-I", "-S", str(SCRIPT), str(file)]
    done = subprocess.run(
        [*run, "--digest", made["digest"], "--head", walk.case.journal_head], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert walk.case.number in done.stdout and made["digest"] in done.stdout and "1 broken" in done.stdout
    wrong = subprocess.run([*run, "--head", "0" * 64], capture_output=True, text=True)
    assert wrong.returncode == 1 and "head (compared with --head)" in wrong.stderr
    file.write_text("{", encoding="utf-8")
    assert subprocess.run(run, capture_output=True).returncode == 2
    file.write_text("{}", encoding="utf-8")
    assert subprocess.run(run, capture_output=True).returncode == 1


def test_no_personal_word_leaves_but_a_waivers_reason(walk: Walk) -> None:
    text = json.dumps(certificate(walk), ensure_ascii=False)
    assert "理由充分" in text
    for word in ("王女士", "不排水", "13800138001", "wang@example.com", "天钥桥路"):
        assert word not in text


def test_erased_words_leave_a_certificate_that_still_holds(walk: Walk) -> None:
    Content.objects.filter(entry__case=walk.case).update(words=None)
    made = certificate(walk)
    assert "理由充分" not in json.dumps(made, ensure_ascii=False)
    script.verify(made)


FORGER = b"f" * 32


def sealed(cert: dict[str, Any]) -> dict[str, Any]:
    """As a forger would: digest and signature made anew, with a key of his own."""
    cert["key"] = ed25519.public_key(FORGER).hex()
    cert["digest"] = script.sha256({n: v for n, v in cert.items() if n not in ("digest", "signature")})
    cert["signature"] = ed25519.sign(FORGER, f"{cert['format']} {cert['digest']}".encode()).hex()
    return cert


def test_only_the_companys_key_signs_for_the_company(walk: Walk, settings: Any) -> None:
    ours, cert = signing.public_key(), certificate(walk)
    script.verify(cert, key=ours.upper())
    script.verify(sealed(copy.deepcopy(cert)))  # it agrees with itself …
    with pytest.raises(script.Wrong, match="key .compared with --key"):  # … and is not the company's
        script.verify(sealed(copy.deepcopy(cert)), key=ours)
    for name in sorted(cert):
        spoiled = copy.deepcopy(cert) | {name: "x"}
        with pytest.raises((script.Wrong, KeyError, TypeError, ValueError, AttributeError)):
            script.verify(spoiled)
    forged = copy.deepcopy(cert) | {"company": "另一家"}
    forged["digest"] = script.sha256({n: v for n, v in forged.items() if n not in ("digest", "signature")})
    with pytest.raises(script.Wrong, match="signature"):
        script.verify(forged)
    settings.SIGNING_KEY = "another"
    assert signing.public_key() != ours


def test_an_older_certificate_is_not_signed_and_still_holds(walk: Walk) -> None:
    cert = {n: v for n, v in certificate(walk).items() if n not in ("key", "signature")}
    cert["format"] = "baoxiu-certificate-1"
    cert["digest"] = script.sha256({n: v for n, v in cert.items() if n != "digest"})
    script.verify(cert)
    with pytest.raises(KeyError):
        script.verify(cert, key=signing.public_key())


def entry_of(cert: dict[str, Any], step: str) -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in cert["journal"] if e["step"] == step)
    return found


def clause_of(cert: dict[str, Any], clause: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in cert["clauses"] if c["clause"] == clause)
    return found


TAMPERED = {
    "company": (lambda c: c.update(company="另一家"), "digest"),
    "number": (lambda c: c.update(number="BX-1"), "journal entry 1, hash"),
    "time": (lambda c: entry_of(c, "check_in").update(at="2026-11-02T01:30:00+00:00"), "journal entry 8, hash"),
    "step": (lambda c: entry_of(c, "appoint").update(step="set_out"), "journal entry 6, hash"),
    "actor": (lambda c: entry_of(c, "close").update(actor="staff:99"), "hash"),
    "body": (lambda c: entry_of(c, "triage")["body"]["ended"].pop("triage"), "journal entry 2, hash"),
    "entry gone": (lambda c: c["journal"].pop(3), "journal entry 4, number"),
    "entry twice": (lambda c: c["journal"].insert(3, c["journal"][2]), "journal entry 4, number"),
    "last gone": (lambda c: c["journal"].pop(), "head"),
    "head": (lambda c: c.update(head="0" * 64), "head"),
    "reason": (lambda c: entry_of(c, "waive_follow_up")["content"]["words"].update(reason="客户不肯"), "personal words"),
    "reason shown": (
        lambda c: next(f for f in clause_of(c, "C4.6")["findings"] if f["outcome"] == "waived").update(reason="别的"),
        "clause C4.6, finding 1, reason",
    ),
    "verdict": (lambda c: clause_of(c, "C4.2").update(outcome="kept"), "clause C4.2, outcome"),
    "finding gone": (lambda c: clause_of(c, "C4.2")["findings"].clear(), "clause C4.2, findings"),
    "finding mended": (lambda c: clause_of(c, "C4.2")["findings"][0].update(due_at="2026-11-03T00:00:00+00:00"), "finding 1"),
    "clause gone": (lambda c: c["clauses"].pop(1), "clauses"),
    "overall": (lambda c: c.update(outcome="kept"), "outcome"),
    "procedure": (lambda c: c["procedure"]["meaning"]["duties"]["first_response"].__setitem__(2, 600), "procedure, hash"),
    "as of": (lambda c: c.update(as_of="2026-11-02T01:00:00+00:00"), "digest"),
    "format": (lambda c: c.update(format="x"), "format"),
}  # fmt: skip


def test_a_tampered_certificate_is_refused_naming_the_place(walk: Walk) -> None:
    cert = certificate(walk)
    script.verify(cert)
    for what, (spoil, place) in TAMPERED.items():
        spoiled = copy.deepcopy(cert)
        spoil(spoiled)
        if place != "digest":
            sealed(spoiled)  # the digest alone protects nothing
        with pytest.raises(script.Wrong, match=place):
            script.verify(spoiled)
            pytest.fail(what)


def test_every_value_of_the_journal_is_protected(walk: Walk) -> None:
    """Whatever single value of an entry is changed, the script refuses, even with a new digest."""
    cert = certificate(walk)
    for i, entry in enumerate(cert["journal"]):
        for name in entry:
            spoiled = copy.deepcopy(cert)
            spoiled["journal"][i][name] = {"x": 1} if isinstance(entry[name], dict) else "x"
            with pytest.raises((script.Wrong, KeyError, TypeError)):
                script.verify(sealed(spoiled))


WAYS = {
    "declined quote": lambda c: begin(c, NOW, unit="old").steps(f"{ON_SITE} diagnose quote decline_quote hand_over follow_up"),
    "depot": lambda c: to_depot(begin(c, NOW)).steps(f"{FREE_REPAIR} ship_out deliver {CALLS}"),
    "held": lambda c: begin(c, NOW).steps("hold").wait(days=9).steps("reply resume triage"),
    "withdrawn late": lambda c: begin(c, NOW).wait(days=2).steps("withdraw"),
    "reopened": lambda c: begin(c, NOW).steps(f"{ON_SITE} {FREE_REPAIR} hand_over follow_up reopen triage confirm"),
    "overridden": lambda c: begin(c, NOW, unit="old").steps("triage override_cover confirm"),
    "waiting for consent": lambda c: begin(c, NOW, unit="old").steps(f"{ON_SITE} diagnose quote").wait(days=30),
    "answered at last": lambda c: begin(c, NOW, unit="old").steps(f"{ON_SITE} diagnose quote").wait(days=3).steps("accept_quote start_work"),
    "still open": lambda c: begin(c, NOW).wait(days=40),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_script_and_rule_agree_on_every_way(cast: Cast, way: str) -> None:
    walk = WAYS[way](cast)
    script.verify(certificate(walk))


def publish_levels(cast: Cast, stops: tuple[str, ...]) -> None:
    target = {"minutes": 600, "stops_for": stops}
    row = {"code": "a", "name_en": "A", "name_zh": "甲", "calendar": "24x7", "targets": {"consent": target}}
    book = Book.model_validate(FIRST.model_dump(mode="json") | {"levels": [row]})
    levels.publish(book, reason="test", by=cast.actor("manager"), now=NOW)


def test_a_clock_that_stands_while_the_customer_thinks_is_not_late(cast: Cast) -> None:
    """A level may say what its clocks stop for; the journal tells it, the script reads it."""
    for stops, outcome in ((("hold",), BROKEN), (("hold", "customer"), OWED)):
        publish_levels(cast, stops)
        walk = begin(cast, NOW, unit="old").steps(f"{ON_SITE} diagnose quote").wait(days=30)
        (found,) = (
            f
            for v in conformance.of_case(cast.actor("manager"), walk.case, now=walk.now)
            for f in v.findings
            if f.name == "consent" and f.what == "duty"
        )
        assert found.outcome == outcome
        script.verify(certificate(walk))


def test_a_rule_takes_no_time(walk: Walk) -> None:
    entries = conformance.journal(walk.case)
    started = time.perf_counter()
    for _ in range(50):
        conformance.examine(walk.case, entries, now=walk.now)
    assert (time.perf_counter() - started) / 50 < 0.01


# -- event logs ------------------------------------------------------------------------------------


def with_journals() -> list[Case]:
    cases = list(Case.objects.order_by("pk"))
    for case in cases:
        case.entries = list(JournalEntry.objects.filter(case=case).order_by("no"))  # type: ignore[attr-defined]
    return cases


def written(form: str, cases: list[Case]) -> str:
    parts: dict[str, list[str]] = {"log": [eventlog.opening(form)], "objects": [], "shared": []}
    for part, text in eventlog.pieces(form, cases, is_first=True):
        parts[part].append(text)
    shared = "".join(parts["shared"]).splitlines()
    return "".join([*parts["log"], *eventlog.closing(form, parts["objects"], shared)])


def test_our_own_journals_fit_our_own_procedure_by_way_of_xes(cast: Cast, walk: Walk, tmp_path: Path) -> None:
    for way in WAYS.values():
        way(cast)
    file = tmp_path / "log.xes"
    file.write_text(written("xes", with_journals()), encoding="utf-8")
    traces = eventlogs.read(file)
    assert [t.case for t in traces] == [c.number for c in with_journals()]
    labels = foreign.of_ours(STANDARD).labels
    named = [tuple(foreign.spoken(labels, e.activity, e.lifecycle) or "" for e in t.events) for t in traces]
    found = fit(Aligner(STANDARD, may_stop=True), named)
    assert found.traces == len(WAYS) + 1 and found.mean == 1.0 and found.deviations == ()


def test_an_event_log_names_no_person(walk: Walk) -> None:
    for text in (written("xes", with_journals()), written("ocel", with_journals())):
        assert not [w for w in ("王女士", "张工", "李客服", "不排水", "1380013") if w in text]


def test_ocel_holds_every_entry_and_only_known_objects(walk: Walk) -> None:
    log = json.loads(written("ocel", with_journals()))
    assert set(log) == {"objectTypes", "eventTypes", "events", "objects"}
    ids, types = {o["id"] for o in log["objects"]}, {t["name"] for t in log["objectTypes"]}
    assert len(log["events"]) == walk.case.journal_count
    assert {r["objectId"] for e in log["events"] for r in e["relationships"]} <= ids
    assert {r["objectId"] for o in log["objects"] for r in o["relationships"]} <= ids
    assert {o["type"] for o in log["objects"]} <= types == {"case", "customer", "unit", "engineer", "station"}
    assert {e["type"] for e in log["events"]} <= {t["name"] for t in log["eventTypes"]}
    assert dt.datetime.fromisoformat(log["events"][0]["time"]) == walk.case.created_at


def test_an_empty_log_is_still_a_log() -> None:
    assert json.loads(written("ocel", []))["events"] == []
