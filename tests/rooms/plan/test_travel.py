"""C4.3: the travel time port: legs worked out one by one are the matrix's; a server that fails is answered by the base."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from baoxiu.dispatch.plan import travel
from baoxiu.dispatch.plan.legs import Legs

POINTS = np.array([(31.2, 121.4), (31.25, 121.5), (31.1, 121.45), (31.3, 121.3), (31.22, 121.41)])
BASE = travel.GreatCircle()


def table(**legs: int) -> travel.Table:
    """`a01=900`: from place 0 to place 1."""
    ends = {(tuple(POINTS[int(k[1])]), tuple(POINTS[int(k[2])])): s for k, s in legs.items()}
    return travel.Table(BASE, ends)


@pytest.mark.parametrize("port", [BASE, table(a01=4000, a32=77), table()], ids=["circle", "table", "empty"])
def test_legs_read_like_the_matrix(port):
    whole = travel.matrix(port, POINTS, range(2), 240)
    legs = Legs(port, POINTS, 2, 240)
    every = [4, 0, 3]
    assert [[legs[i, j] for j in range(5)] for i in range(5)] == whole.tolist()
    assert (legs[:, 2] == whole[:, 2]).all() and (legs[3] == whole[3]).all()
    assert (legs[np.ix_(every, every)] == whole[np.ix_(every, every)]).all()
    to, back = Legs(port, POINTS[:4], 2, 240).visit(POINTS[4])
    assert (to == whole[:4, 4]).all() and (back == whole[4, :4]).all()


def test_a_corrected_leg_counts_in_its_direction_only():
    found = table(a01=4000).seconds(POINTS, POINTS)
    assert found[0, 1] == 4000 and found[1, 0] == BASE.seconds(POINTS, POINTS)[1, 0]


def test_a_matrix_file_is_read_and_what_is_not_in_it_is_worked_out(tmp_path):
    path = tmp_path / "legs.csv"
    path.write_text("from_lat,from_lon,to_lat,to_lon,seconds\n31.2,121.4,31.25,121.5,1234\n", "utf-8")
    found = travel.MatrixFile(path, BASE).seconds(POINTS, POINTS)
    assert found[0, 1] == 1234 and (found[2] == BASE.seconds(POINTS, POINTS)[2]).all()


Answer = Callable[[BaseHTTPRequestHandler], None]


def says(content: Any, status: int = 200) -> Answer:
    def answer(asked: BaseHTTPRequestHandler) -> None:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        asked.send_response(status)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)

    return answer


@pytest.fixture
def osrm() -> Iterator[Callable[[Answer], travel.Osrm]]:
    """A server of our own on this machine that answers as it is told."""
    servers, over = [], threading.Event()

    def start(answer: Answer) -> travel.Osrm:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                over.wait(5) if answer is hangs else answer(self)

            def log_message(self, *args: Any) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return travel.Osrm(f"http://127.0.0.1:{server.server_port}", BASE, timeout=0.2)

    yield start
    over.set()
    for server in servers:
        server.shutdown()
        server.server_close()


def hangs(asked: BaseHTTPRequestHandler) -> None:
    raise AssertionError("never answers")


BAD = {
    "hangs": hangs,
    "error": says({"code": "InvalidQuery"}, 400),
    "broken": says({}, 500),
    "not json": says(b"<html>"),
    "no durations": says({"code": "Ok"}),
    "wrong shape": says({"durations": [[1.0]]}),
    "words": says({"durations": [["a"] * 5] * 5}),
    "negative": says({"durations": [[-5.0] * 5] * 5}),
    "endless": says({"durations": [[1e30] * 5] * 5}),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_a_server_that_fails_is_answered_by_the_base(osrm, answer):
    assert (osrm(answer).seconds(POINTS, POINTS) == BASE.seconds(POINTS, POINTS)).all()


def test_a_server_that_answers_is_believed_and_what_it_does_not_know_is_worked_out(osrm):
    row = [600.4, None, 60.0, 60.0, 60.0]
    found = osrm(says({"durations": [row] * 5})).seconds(POINTS, POINTS)
    assert found[2, 0] == 600 + 240 and found[2, 1] == BASE.seconds(POINTS, POINTS)[2, 1]


def test_nobody_there_costs_no_more_than_the_time_allowed():
    assert (
        travel.Osrm("http://127.0.0.1:9", BASE, timeout=0.2).seconds(POINTS, POINTS)
        == BASE.seconds(POINTS, POINTS)
    ).all()
