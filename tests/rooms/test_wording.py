"""Templates are words with named places: whatever is typed into them, no more than the values comes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.notify import checking, messages, operations, wording
from baoxiu.notify.models import Template
from baoxiu.notify.records import TemplateRecord
from baoxiu.people.rules import Denied, Invalid

EVIL = [
    "{{ settings.SECRET_KEY }}", "{% include 'x' %}", "{% load x %}", "{% debug %}", "{{ number.__class__ }}", "{{ password }}",
    "{{ number|upper }}", "{{ 7*7 }}", "{{ number() }}", "{{ number", "number }}", "{# x #}", "{{{{ number }}}}", "{{ NUMBER }}",
    "{{ link }}{{", "{%", "{{ _self }}", "{{ number }} {{ request }}",
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL)
def test_anything_but_a_known_place_is_refused(text):
    with pytest.raises(wording.Unfit):
        wording.check(text, "register")


@pytest.mark.parametrize(
    "text", ["%(number)s", "{0.__class__}", "${number}", "{number}", "<b>{{ number }}</b>", "七*七"]
)
def test_what_other_languages_would_read_is_only_words(text):
    wording.check(text, "register")
    assert wording.fill(text, {"number": "7"}) == text.replace("{{ number }}", "7")


@given(st.text(max_size=60), st.text(max_size=60))
def test_values_are_never_read_as_a_template(before, value):
    text = before.replace("{", "(").replace("\r", " ") + "{{ name }}"
    filled = wording.fill(text, {"name": value, "number": "SECRET"})
    assert "SECRET" not in filled or "SECRET" in value


@given(st.text(max_size=300))
def test_what_is_accepted_leaves_no_braces_of_its_own(text):
    try:
        wording.check(text, "quote")
    except wording.Unfit:
        return
    filled = wording.fill(text, dict.fromkeys(wording.places("quote"), ""))
    assert "{{" not in filled and "{%" not in filled


def test_a_line_without_its_values_is_left_out():
    text = "Hello\nPhone: {{ phone }}\n\n{{ text }}\n\nBye {{ name }} {{ phone }}"
    assert wording.fill(text, {"name": "A"}) == "Hello\n\nBye A"


def test_every_built_in_wording_is_one_we_would_accept():
    for event, channel, language in messages.kinds():
        found = messages.built_in(event, channel, language)
        checking.check_template(
            TemplateRecord(
                event=event, channel=channel, language=language, subject=found.subject, body=found.body
            )
        )
        subject, body = messages.sample(found, what="x", stage="y")
        assert "{{" not in subject + body


# -- kept ---------------------------------------------------------------------------------------


def record(**more):
    return TemplateRecord(
        **{"event": "register", "channel": "email", "language": "zh", "subject": "s", "body": "b"} | more
    )


@pytest.mark.django_db
def test_a_change_is_a_new_row_and_only_keepers_make_one(cast, now):
    by = cast.actor("manager")
    first = operations.keep_template(record(body="一"), by=by, now=now)
    second = operations.keep_template(record(body="二"), by=cast.actor("administrator"), now=now)
    assert list(Template.objects.filter(is_latest=True)) == [second] and Template.objects.count() == 2
    assert first.body == "一"
    for who in ("agent", "engineer", "dispatcher"):
        with pytest.raises(Denied):
            operations.keep_template(record(), by=cast.actor(who), now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("body", {"body": "{{ settings }}"}),
        ("subject", {"subject": "{% if %}"}),
        ("subject", {"subject": ""}),
        ("event", {"channel": "sms", "event": "reply"}),
        ("body", {"event": "quote", "body": "no link"}),
        ("body", {"event": "appoint", "body": "{{ total }}"}),
    ],
)
def test_a_wording_that_cannot_stand_says_where(cast, now, field, more):
    with pytest.raises(Invalid) as refused:
        operations.keep_template(record(**more), by=cast.actor("manager"), now=now)
    assert refused.value.field == field and not Template.objects.exists()
