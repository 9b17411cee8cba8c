"""Event logs: what is read is what was written; hostile files are refused in a sentence."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from baoxiu.faces.console.commands import app
from baoxiu.faces.console.start import Trouble
from baoxiu.lib import eventlogs
from baoxiu.lib.eventlogs import Columns, LogEvent, Unreadable, read

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "telephone_repair.json"
AT = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(names, st.lists(names, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_as_xes_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, log: dict[str, list[str]]
) -> None:
    file = tmp_path_factory.mktemp("xes") / "log.xes"
    traces = [({"concept:name": c}, [{"concept:name": a, "time:timestamp": AT} for a in log[c]]) for c in log]
    file.write_text(
        "".join([eventlogs.XES_HEAD, *(eventlogs.xes_trace(*trace) for trace in traces), eventlogs.XES_FOOT]),
        encoding="utf-8",
    )
    found = read(file)
    assert {t.case: [e.activity for e in t.events] for t in found} == log
    assert all(e.at == AT for t in found for e in t.events)


def csv(folder: Path, text: str, name: str = "log.csv") -> Path:
    file = folder / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_a_table_is_read_by_its_usual_or_its_named_columns(tmp_path: Path, name: str) -> None:
    plain = csv(
        tmp_path, "case,activity,timestamp\n1,b,2026-01-02T00:00:00\n2,x,\n1,a,2026-01-01T00:00:00\n", name
    )
    assert [(t.case, [e.activity for e in t.events]) for t in read(plain)] == [
        ("1", ["a", "b"]),
        ("2", ["x"]),
    ]
    own = csv(tmp_path, "\ufeff单号,动作,状态\n1,检测,start\n", name)
    found = read(own, Columns(case=("单号",), activity=("动作",), lifecycle=("状态",)))
    assert found[0].events == [LogEvent("检测", "start")]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("log.csv", "a,b\n1,2\n", "no column for the case; there are: a, b"),
        ("log.csv", "case,activity\n1,\n", "line 2"),
        ("log.csv", "case,activity\n1," + "x" * 200_000 + "\n", "line"),
        ("log.csv", "", "no column"),
        ("log.csv", "case,activity\n", "no row"),
        ("log.csv", "case,activity,timestamp\n1,a,\n1,b,gestern\n", "line 3: “gestern” is no time"),
        (
            "log.xes",
            '<log><trace><event><string key="concept:name" value="a"/><date key="time:timestamp" value="?"/></event></trace></log>',
            "no time",
        ),
        ("log.xes", "<log><trace></log>", "line 1"),
        ("log.xes", "<log/>", "no trace"),
        ("log.xes", "<log><trace><event/></trace></log>", "without a name"),
        ("log.xes", '<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>', "document type"),
        ("log.xes", '<!DOCTYPE l [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><log>&c;</log>', "document type"),
        ("log.xes", "<log>" + "<list>" * 100, "deeper"),
        ("log.txt", "", "must end with"),
        ("log.csv.gz.txt", "", "must end with"),
    ],
)
def test_what_is_no_log_is_refused_in_a_sentence(tmp_path: Path, name: str, text: str, said: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match=said):
        read(file)


def test_broken_packing_and_foreign_bytes_are_refused(tmp_path: Path) -> None:
    for name, octets in (
        ("a.csv.gz", b"no gzip"),
        ("b.xes.gz", gzip.compress(b"<log/>" * 50)[:-9]),
        ("c.csv", b"case,activity\n\xff,\n"),
    ):
        (tmp_path / name).write_bytes(octets)
        with pytest.raises(Unreadable):
            read(tmp_path / name)


def test_a_small_file_cannot_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eventlogs, "MAX_BYTES", 8 << 20)
    bomb = tmp_path / "bomb.xes.gz"
    bomb.write_bytes(gzip.compress(b"<log>" + b" " * (64 << 20)))
    tracemalloc.start()
    with pytest.raises(Unreadable, match="more than 8 MB"):
        read(bomb)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


# -- the command ---------------------------------------------------------------------------------


LOG = "case,activity\n" + "".join(
    f"{case},{a}\n"
    for case, trace in {
        "a": "register analysis_start analysis_end simple_start inform simple_end test_start test_end archive",
        "b": "register analysis_start analysis_end simple_start simple_end test_start test_end archive dance",
    }.items()
    for a in trace.split()
)


def conformance(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["conformance", *words])
    if isinstance(done.exception, Trouble):
        return done.exception.code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_the_command_says_how_well_a_log_fits_and_where_it_does_not(tmp_path: Path) -> None:
    file, by = csv(tmp_path, LOG), ("--procedure", str(EXAMPLE))
    labels = [
        f"--label={s}={s}" for s in LOG.split() for s in [s.split(",")[-1]] if s not in ("activity", "dance")
    ]
    code, text = conformance(str(file), *by, *labels)
    assert code == 0 and "2 cases in 2 variants" in text and "fit entirely: 1 cases (50.0%)" in text
    assert "b: fitness" in text and "inform left out" in text and "dance not allowed here" in text
    code, text = conformance(str(file), *by, *labels, "--label=dance=", "--json")
    found = json.loads(text)
    assert found["fitting_cases"] == 1 and found["cost"] == 1 and found["log_fitness"] == round(1 - 1 / 35, 6)
    assert found["deviating_cases"] == [
        {
            "case": "b",
            "fitness": round(1 - 1 / 17, 6),
            "where": [{"kind": "model", "step": "inform", "after_events": 7}],
        }
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--procedure", "nowhere.json"), "nowhere.json"),
        (("--procedure", str(Path(__file__))), "test_eventlogs.py"),
        (("--label", "x"), "--label takes Activity=step"),
        (("--label", "x=nowhere"), "--label takes"),
        (("--case", "z"), "no column for the case"),
    ],
)
def test_a_wrong_call_ends_with_two_and_a_sentence(tmp_path: Path, more: tuple[str, ...], said: str) -> None:
    code, text = conformance(str(csv(tmp_path, LOG)), *more)
    assert code == 2 and said in text
