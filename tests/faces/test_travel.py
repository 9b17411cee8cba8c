"""C4.3: what is known of the roads, told on the page and by the API, counts in planning."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from baoxiu.dispatch import operations, queries, situation
from baoxiu.dispatch.models import Crossing, Roads
from baoxiu.dispatch.records import SolveRecord
from baoxiu.people.models import Territory
from tests.faces.machine import machine
from tests.rooms.planning import job, ready

pytestmark = pytest.mark.django_db
HEAD = "from_lat,from_lon,to_lat,to_lon,seconds\n"


def way(cast, number):
    """Seconds from 张工's home to the job, looked at and as the solver wants it."""
    found = []
    for whole in (False, True):
        day = situation.build(timezone.localdate(), now=timezone.now(), whole=whole).day
        who = next(e for e in day.engineers if e.id == str(cast.staff["engineer"].pk))
        found.append(int(day.travel[who.end, next(j.place for j in day.jobs if j.id == number)]))
    assert found[0] == found[1]
    return found[0]


def upload(cast, text, who="manager"):
    file = SimpleUploadedFile("legs.csv", text.encode(), "text/csv")
    return cast.client(who).post("/office/planning/travel/", {"file": file})


def test_minutes_between_territories_are_added_both_ways(cast):
    ready(cast)
    number = job(cast, timezone.now()).case.number
    home = Territory.objects.create(name="浦东", places="浦东新区")
    home.staff.add(cast.staff["engineer"])
    there = Territory.objects.create(name="徐汇", places="徐汇区")
    before, page = way(cast, number), "/office/planning/travel/crossing/"
    told = {"one": there.pk, "other": home.pk, "minutes": 25}
    assert cast.client("manager").post(page, told).status_code == 302
    assert way(cast, number) == before + 1500
    assert "+25" in cast.client("dispatcher").get("/office/planning/travel/").content.decode()
    assert cast.client("manager").post(page, {**told, "other": there.pk}).status_code == 422
    api = machine(cast, "manager")
    assert api.send("PUT", "/crossings", {**told, "minutes": 0}).json() == {"crossing": None}
    assert not Crossing.objects.exists() and way(cast, number) == before


def test_a_file_of_measured_ways_is_compared_then_used_then_removed(cast):
    ready(cast)
    number = job(cast, timezone.now()).case.number
    before = way(cast, number)
    assert upload(cast, HEAD + "31.2,121.5,31.19,121.44,7200\n").status_code == 302
    made, page = Roads.objects.get(), "/office/planning/travel/"
    assert made.told["longer"] == 1 and way(cast, number) == before
    shown = cast.client("manager").get(page).content.decode()
    assert "legs.csv" in shown and f"+{made.told['most']}" in shown
    assert cast.client("manager").post(f"{page}{made.pk}/use/").status_code == 302
    assert way(cast, number) == 7200
    assert cast.client("manager").post(f"{page}{made.pk}/remove/").status_code == 302
    assert way(cast, number) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "31.2,121.5,31.19,121.44,60\n31.2,121.5,31.19,NaN,60\n", "2</td>"),
        (HEAD + "31.2,121.5,31.19,121.44,-5\n", "seconds"),
        (HEAD + "91.2,121.5,31.19,1e9,5\n", "from_lat"),
        (HEAD + "31.2,121.5,31.19,121.44,60\n31.2,121.5,31.19,121.44,61\n", "第1行"),
        ("a,b\n1,2\n", "from_lat"),
        (HEAD, "没有"),
        ("", ""),
    ],
)
def test_what_cannot_stand_is_named_and_nothing_is_kept(cast, text, said):
    answer = upload(cast, text)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Roads.objects.exists()


def test_the_api_loads_ways_and_names_wrong_rows(cast):
    api = machine(cast, "manager")
    row = {"from_lat": "31.2", "from_lon": "121.5", "to_lat": "31.19", "to_lon": "121.44", "seconds": "900"}
    told = api.post("/roads", {"name": "十一月", "rows": [row, {**row, "seconds": "soon"}]}).json()
    assert told["roads"] is None and told["refused"][0]["row"] == 2
    made = api.post("/roads", {"name": "十一月", "rows": [row]}).json()["roads"]
    assert api.send("PUT", f"/roads/{made['id']}/use").json()["is_in_use"]
    assert [r["name"] for r in api.get("/roads").json()["items"]] == ["十一月"]
    assert api.send("DELETE", f"/roads/{made['id']}").status_code == 204
    assert upload(cast, HEAD, who="dispatcher").status_code == 403


class Quarter(BaseHTTPRequestHandler):
    """A road server for which every way takes a quarter of an hour."""

    def do_GET(self) -> None:
        n = self.path.split("sources=")[1].split("&")[0].count(";") + 1
        to = self.path.split("destinations=")[1].count(";") + 1
        body = json.dumps({"durations": [[900.0] * to] * n}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server(settings):
    made = ThreadingHTTPServer(("127.0.0.1", 0), Quarter)
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    settings.OSRM_URL = f"http://127.0.0.1:{made.server_port}"
    yield made
    made.shutdown()
    made.server_close()


def planned(cast):
    """A day planned in the background."""
    by, now = cast.actor("dispatcher"), timezone.now()
    asked = operations.ask(timezone.localdate(), SolveRecord(seconds=1), by=by, now=now)
    return operations.solve(asked.pk, by=by, now=now)


def test_the_road_server_is_asked_when_a_day_is_planned_and_the_board_agrees(cast, server):
    ready(cast)
    number = job(cast, timezone.now()).case.number
    before = way(cast, number)
    assert "refused" not in planned(cast)
    assert way(cast, number) == 900 + 240 != before
    planned(cast)
    assert Roads.objects.count() == 1 and not queries.roads(cast.actor("manager"))
    assert upload(cast, HEAD + "31.2,121.5,31.19,121.44,7200\n").status_code == 302
    operations.use_roads(Roads.objects.get(date=None), by=cast.actor("manager"), now=timezone.now())
    assert way(cast, number) == 7200  # what was measured counts more


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_a_road_server_that_is_not_one_changes_nothing(cast, settings, address):
    settings.OSRM_URL = address
    ready(cast)
    number = job(cast, timezone.now()).case.number
    before = way(cast, number)
    assert "refused" not in planned(cast)
    assert way(cast, number) == before and not Roads.objects.exists()
