"""Where somebody waits in one process while another is idle, the answered connection ends and its user moves on."""

import multiprocessing
import threading

import pytest

from baoxiu.faces.common.turns import BUSY, IDLE, Idleness, Turns

fork = multiprocessing.get_context("fork")


def _other(idleness, what, joined, leave):
    idleness.join()
    idleness.tell(what)
    joined.set()
    leave.wait(30)


@pytest.fixture
def beside():
    """Another process that has joined and is idle or busy."""
    leave, processes = fork.Event(), []

    def start(idleness, what):
        joined = fork.Event()
        processes.append(fork.Process(target=_other, args=(idleness, what, joined, leave)))
        processes[-1].start()
        assert joined.wait(30)

    yield start
    leave.set()
    for process in processes:
        process.join(30)


def two_at_once(idleness):
    """The headers of two requests of which the second waits for the first."""
    arrived, found = threading.Event(), {}

    def application(environ, start):
        if environ["name"] == "first":
            arrived.set()
            while turns.waiting.empty():
                pass
        start("200 OK", [])
        return [b""]

    def ask(name):
        turns({"name": name}, lambda status, headers: found.update({name: headers}))

    turns = Turns(application, 100, idleness)
    first, second = (threading.Thread(target=ask, args=(name,)) for name in ("first", "second"))
    first.start()
    assert arrived.wait(30)
    second.start()
    first.join(30)
    second.join(30)
    return found


def test_who_is_answered_while_another_waits_moves_to_the_idle_process(beside):
    idleness = Idleness()
    beside(idleness, IDLE)
    assert two_at_once(idleness) == {"first": [("Connection", "close")], "second": []}


def test_nobody_moves_where_all_are_busy_or_there_is_no_other(beside):
    idleness = Idleness()
    assert two_at_once(idleness) == {"first": [], "second": []}
    beside(idleness, BUSY)
    assert two_at_once(idleness) == {"first": [], "second": []}


def test_every_process_has_a_byte_of_its_own_and_a_new_one_takes_that_of_the_dead(beside):
    idleness = Idleness()
    beside(idleness, IDLE)
    idleness.join()
    idleness.tell(BUSY)
    assert idleness.anybody()

    joined, leave = fork.Event(), fork.Event()
    dead = Idleness()
    gone = fork.Process(target=_other, args=(dead, IDLE, joined, leave))
    gone.start()
    assert joined.wait(30)
    gone.kill()
    gone.join(30)
    dead.join()
    dead.tell(BUSY)
    assert not dead.anybody()
