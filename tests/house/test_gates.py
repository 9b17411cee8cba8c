"""The gates of CI say no when they should."""

from __future__ import annotations

import sys
from collections import namedtuple

import pytest

from baoxiu.people.models import Station
from tools import ci_report, licences, setup


@pytest.mark.parametrize(
    ("licence", "passes"),
    [
        ("MIT", True),
        ("BSD-3-Clause", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("GPL-3.0-or-later OR MIT", True),
        ("GPL-3.0-or-later", False),
        ("GNU Affero General Public License v3", False),
        ("MIT AND LGPL-2.1", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_the_licence_gate_knows_what_may_be_shipped(licence, passes):
    assert (licences.verdict("something", licence) is None) is passes


def test_only_what_a_person_reviewed_passes_with_copyleft():
    assert licences.verdict("psycopg", "LGPL-3.0-only") is None
    assert all(len(reason) > 10 for reason in licences.REVIEWED.values())


def test_everything_installed_for_running_may_be_shipped():
    complaints, looked_at = licences.complaints()
    assert complaints == []
    assert looked_at > 30


REPORT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><properties><property name="leg" value="browser"/></properties><skipped/></testcase>
{more}</testsuite></testsuites>"""
RAN = '<testcase name="c"><properties><property name="leg" value="browser"/></properties></testcase>'


def test_a_skipped_browser_leg_does_not_count_as_run(tmp_path):
    report = tmp_path / "sqlite.xml"
    report.write_text(REPORT.format(more=""))
    assert (ci_report.count(report), ci_report.count(report, "browser")) == (1, 0)
    report.write_text(REPORT.format(more=RAN))
    assert (ci_report.count(report), ci_report.count(report, "browser")) == (2, 1)
    assert ci_report.count(tmp_path / "absent.xml") == 0


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("Temporary failure in name resolution", "cannot be reached"),
        ("ERROR: No matching distribution found for uv", "cannot be reached"),
        ("Hash mismatch for uv", "not the one in the lock"),
        ("something else\nsecond line", "second line"),
    ],
)
def test_set_up_says_what_to_do(output, said):
    assert said in setup.explain(output, "installing")


def test_set_up_refuses_an_old_python(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(setup.SetupError, match="install Python 3.11"):
        setup.check_python()


def test_set_up_refuses_a_full_disk(monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: usage(free=10_000_000))
    with pytest.raises(setup.SetupError, match="only 10 MB free"):
        setup.check_space("dev")


def test_who_is_not_marked_as_asking_the_database_cannot_ask_it(request):
    """What keeps a test from being left out of the PostgreSQL leg by mistake."""
    assert not request.node.get_closest_marker("tables")
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        Station.objects.exists()


@pytest.mark.django_db
def test_who_may_ask_the_database_is_marked(request):
    assert request.node.get_closest_marker("tables") and not Station.objects.exists()
