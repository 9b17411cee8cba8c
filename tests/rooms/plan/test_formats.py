"""Days as files and travel times: what is written is read again, what is broken is refused, no server is believed."""

from __future__ import annotations

import http.server
import json
import threading
from dataclasses import replace

import numpy as np
import pytest

from baoxiu.dispatch.plan import formats, referee, travel
from baoxiu.dispatch.plan.formats import city_day, day_json, routes, solomon
from baoxiu.dispatch.plan.limit import Limit
from baoxiu.dispatch.plan.model import Place, Plan
from baoxiu.dispatch.plan.solve import solve
from tests.rooms.plan.days import random_day

POINTS = np.array([[31.23, 121.47], [31.19, 121.43], [31.30, 121.50]])


@pytest.mark.parametrize("seed", range(5))
def test_our_json_day_comes_back_as_it_went(seed):
    day = random_day(seed)
    day = replace(day, places=tuple(Place(str(i), 31.0, 121.0) for i in range(len(day.travel))))
    again = day_json.read(day_json.write(day).encode(), "")
    assert (again.travel == day.travel).all()
    assert again.jobs == day.jobs and again.engineers == day.engineers and again.goals == day.goals
    plan = solve(day, limit=Limit(iterations=100))
    assert routes.read(day, json.dumps(routes.write(day, plan)), None) == plan


def test_a_day_without_a_matrix_gets_one_from_its_coordinates():
    places = [{"id": str(i), "lat": lat, "lon": lon} for i, (lat, lon) in enumerate(POINTS)]
    row = {
        "kind": "baoxiu-day",
        "places": places,
        "engineers": [{"id": "e", "start": "0", "shift": [28800, 64800]}],
        "jobs": [{"id": "j", "place": "1", "duration": 1800, "windows": [[36000, 39600]]}],
    }
    day = day_json.read(json.dumps(row).encode(), "x")
    km = travel.kilometres(POINTS[:, None], POINTS[None])
    assert day.travel[0, 1] == round(km[0, 1] * 1.3 / 28 * 3600 + 240)
    assert day.travel[1, 0] == day.travel[0, 1] - 240  # nobody parks at home
    assert solve(day, limit=Limit(iterations=10)).routes == {"e": ("j",)}


@pytest.mark.parametrize(
    "content", ["", "{}", '{"kind": "baoxiu-day"}', "VEHICLE\nCUSTOMER\n", '{"kind": "baoxiu-day", "places": [], "engineers": [{"id": "e", "start": "?", "shift": [0, 1]}], "jobs": []}']
)  # fmt: skip
def test_a_broken_file_is_refused_in_one_sentence(tmp_path, content):
    file = tmp_path / "day"
    file.write_text(content)
    with pytest.raises(formats.Unreadable, match="day"):
        formats.read(file)


@pytest.mark.parametrize(
    "change,told",
    [
        ({"id": "j2"}, "2 jobs are called j2"),
        ({"windows": [[9, 5]]}, "job j1: its windows"),
        ({"duration": 10**18}, "job j1: it takes"),
        ({"parts": {"belt": -1}}, "job j1: it uses a negative"),
    ],
)
def test_what_no_day_may_have_is_named_with_its_place(tmp_path, change, told):
    day = random_day(1)
    row = json.loads(day_json.write(day))
    row["jobs"][1] |= change
    (tmp_path / "day").write_text(json.dumps(row))
    with pytest.raises(formats.Unreadable, match=told):
        formats.read(tmp_path / "day")


SOLOMON = """C1

VEHICLE
NUMBER     CAPACITY
  2         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE TIME

    0      40         50          0          0       1236          0
    1      {x}        68         10        {opens}    967         90
    {n}    45         70         30        825        870         90
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"x": "nan"}, "no number or endless"),
        ({"x": "1e300"}, "no number or endless"),
        ({"opens": "-5e17"}, "do not open before they close"),
        ({"n": "1"}, "2 jobs are called 1"),
        ({"opens": "inf"}, "not a sound solomon file"),
    ],
)
def test_what_cannot_be_in_a_published_format_is_said_in_one_line(tmp_path, change, told):
    (tmp_path / "c1").write_text(SOLOMON.format(**{"x": 45, "opens": 912, "n": 2, **change}))
    with pytest.raises(formats.Unreadable, match=told) as refused:
        formats.read(tmp_path / "c1")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("cut", [200, 900, 2000])
def test_a_cut_file_of_our_own_is_said_in_one_line(tmp_path, cut):
    (tmp_path / "day").write_text(day_json.write(random_day(1))[:cut])
    with pytest.raises(formats.Unreadable) as refused:
        formats.read(tmp_path / "day")
    assert "\n" not in str(refused.value) and "http" not in str(refused.value)


def test_a_city_day_is_read_and_measured():
    engineers = [{"id": 0, "lat": 31.2, "lon": 121.4, "skills": [1], "start": 0, "end": 9000, "city": 0}]
    job = {
        "lat": 31.2,
        "lon": 121.4,
        "skills": [1],
        "priority": 2,
        "duration": 600,
        "dedicated": None,
        "city": 0,
    }
    jobs = [
        job | {"id": 0, "window": [0, 5000], "preferred": 0},
        job | {"id": 1, "window": [0, 10], "preferred": None},
    ]
    data = {
        "engineers": engineers,
        "jobs": jobs,
        "travel_seconds": [[0, 300, 400], [200, 0, 100], [150, 100, 0]],
        "ok": [[True, True]],
        "penalty_by_priority": {"1": 4, "2": 1000, "3": 2, "4": 1},
        "non_preferred_seconds": 50,
    }
    text = json.dumps(data)
    assert city_day.matches(text)
    day = city_day.read(text.encode(), "")
    plan = routes.read(day, '{"routes": [{"engineer": 0, "jobs": [0]}]}', city_day.read_plan)
    verdict = referee.check(day, plan)
    assert verdict.ok and city_day.measure(day, verdict) == 300 + 200 + 1000
    assert city_day.write_plan(day, plan) == {"routes": [{"engineer": 0, "jobs": [0]}]}


def test_solomon_text_is_read_with_lengths_cut_to_one_decimal():
    text = "X\n\nVEHICLE\nNUMBER CAPACITY\n 2 10\n\nCUSTOMER\nCUST NO. X Y\n\n 0 0 0 0 0 100 0\n 1 1 1 6 0 50 5\n 2 2 2 6 0 50 5\n"
    day = solomon.read(text.encode(), "")
    assert day.travel[0, 1] == 14 and day.travel[0, 2] == 28
    plan = routes.read(day, "Route #1: 1\nRoute #2: 2\n", None)
    assert solomon.measure(day, referee.check(day, plan)) == pytest.approx(8.4)
    assert "part_missing" in {v.code for v in referee.check(day, Plan({"1": ("1", "2")})).violations}


def test_corrected_legs_win_over_the_straight_line(tmp_path):
    base = travel.GreatCircle()
    table = travel.Table(base, {((31.23, 121.47), (31.19, 121.43)): 1234})
    assert table.seconds(POINTS, POINTS)[0, 1] == 1234
    assert table.seconds(POINTS, POINTS)[1, 0] == base.seconds(POINTS, POINTS)[1, 0]
    file = tmp_path / "legs.csv"
    file.write_text("from_lat,from_lon,to_lat,to_lon,seconds\n31.23,121.47,31.3,121.5,77\n")
    assert travel.MatrixFile(file, base).seconds(POINTS, POINTS)[0, 2] == 77


class _Answers(http.server.BaseHTTPRequestHandler):
    body = b""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    "body,right",
    [
        (json.dumps({"durations": [[0, 60, 90], [60, 0, None], [90, 30, 0]]}).encode(), True),
        (b'{"durations": [[1]]}', False),
        (b"nonsense", False),
        (b'{"code": "NoTable"}', False),
    ],
)
def test_a_road_server_is_asked_and_nonsense_falls_back(body, right):
    handler = type("Handler", (_Answers,), {"body": body})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = travel.GreatCircle()
    try:
        road = travel.Osrm(f"http://127.0.0.1:{server.server_port}", base, timeout=2.0)
        found = road.seconds(POINTS, POINTS)
    finally:
        server.shutdown()
        server.server_close()
    expected = base.seconds(POINTS, POINTS)
    assert found[0, 1] == (300 if right else expected[0, 1])
    assert found[1, 2] == expected[1, 2]  # no route known: the straight line


def test_a_road_server_that_is_not_there_falls_back():
    base = travel.GreatCircle()
    road = travel.Osrm("http://127.0.0.1:9", base, timeout=0.2)
    assert (road.seconds(POINTS, POINTS) == base.seconds(POINTS, POINTS)).all()


@pytest.mark.parametrize(
    "text", ["", "[" * 5000, "null", "[]", '{"routes": 5}', '{"routes": [5]}', "NaN", '{"1": 5}']
)
def test_a_plan_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="plan|Route"):
        formats.source("trsp", random_day(1)).read_plan(text)


def test_a_plan_with_strange_names_is_refereed_and_written_again():
    source = formats.source("trsp", random_day(1))
    plan = source.read_plan('{"e0": [true, 99999999999999999999, 0], "x": [1e300]}')
    verdict = referee.check(source.day, plan)
    assert {v.code for v in verdict.violations} >= {"unknown_job", "unknown_engineer"}
    assert json.loads(json.dumps(source.write_plan(plan)))["x"] == ["1e+300"]
