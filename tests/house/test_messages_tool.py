"""tools/messages.py: several people add translations at once, and none is lost."""

from __future__ import annotations

import gettext
import io
import json
import multiprocessing

import pytest

from tools import messages


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", tmp_path / "baoxiu")
    monkeypatch.setattr(messages, "LOCALES", tmp_path / "baoxiu" / "locale")
    templates = tmp_path / "baoxiu" / "faces" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "baoxiu" / "labels.py").write_text(
        'a = _("Save")\nb = ngettext("%(n)s case", "%(n)s cases", n)\nc = pgettext("month", "May")\nd = N_("Rule")\n'
    )
    (templates / "page.html").write_text(
        '{{ _("Hello %(name)s", name=who) }}{% trans %}\n  Good\n  bye\n{% endtrans %}{{ ui.icon(_("Inside")) }}'
    )
    return tmp_path


def add(monkeypatch, **texts):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(texts)))
    return messages.main(["add"])


ALL = {
    "Save": "保存",
    "%(n)s case|%(n)s cases": "%(n)s 个服务单",
    "month::May": "五月",
    "Rule": "规则",
    "Hello %(name)s": "%(name)s，您好",
    "Good bye": "再见",
    "Inside": "里面",
}


def test_it_finds_python_and_template_messages(checkout):
    assert {messages.format_key(key) for key in messages.extract()} == set(ALL)


def test_check_fails_until_everything_is_translated(checkout, monkeypatch, capsys):
    assert messages.main(["check"]) == 1
    assert 'missing "Save"' in capsys.readouterr().out
    assert add(monkeypatch, **ALL) == 0
    assert messages.main(["check"]) == 0


def test_what_was_added_can_be_read_by_gettext(checkout, monkeypatch):
    add(monkeypatch, **ALL)
    with messages.catalogue_path().with_suffix(".mo").open("rb") as stream:
        chinese = gettext.GNUTranslations(stream)
    assert chinese.gettext("Save") == "保存"
    assert chinese.ngettext("%(n)s case", "%(n)s cases", 2) == "%(n)s 个服务单"
    assert chinese.pgettext("month", "May") == "五月"


def test_a_lost_placeholder_is_refused(checkout, monkeypatch):
    assert add(monkeypatch, **{"Hello %(name)s": "您好", "Save": "保存"}) == 1
    assert [messages.format_key(key) for key in messages.load(messages.catalogue_path())] == ["Save"]


def test_prune_drops_what_no_code_uses(checkout, monkeypatch):
    add(monkeypatch, **ALL, Unused="没用")
    messages.main(["prune"])
    assert {messages.format_key(key) for key in messages.load(messages.catalogue_path())} == set(ALL)


def add_one(number):
    messages.sys.stdin = io.StringIO(json.dumps({f"Text {number}": f"文字 {number}"}))
    messages.main(["add"])


def test_nothing_is_lost_when_many_add_at_once(checkout):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(add_one, range(24))
    assert len(messages.load(messages.catalogue_path())) == 24
