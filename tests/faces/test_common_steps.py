"""The one step view: what every face's step pages do, through HTTP, with and without a script."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from baoxiu.cases.models import Attachment, Case, JournalEntry
from tests.conftest import Cast
from tests.faces.desk import opened

pytestmark = [pytest.mark.urls("tests.faces.common_urls"), pytest.mark.django_db]
TRIAGE = {"symptom": "drain", "fault": "quality", "priority": "3"}


@pytest.fixture
def case(cast: Cast) -> Case:
    return opened(cast)


def page(client: Client, case: Case, noun: str, **headers: str) -> str:
    return client.get(f"/test/{case.number}/{noun}/", headers=headers).content.decode()


def send(client: Client, case: Case, noun: str, data: dict[str, object], **headers: str):  # type: ignore[no-untyped-def]
    return client.post(f"/test/{case.number}/{noun}/", data, headers=headers)


def key_in(html: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{32})"', html)
    assert found
    return found[1]


def test_a_step_is_filled_in_sent_and_leads_back_with_a_word(cast: Cast, case: Case) -> None:
    client = cast.client("agent")
    html = page(client, case, "triage")
    assert "故障现象" in html and "不排水" in html
    answer = send(client, case, "triage", {**TRIAGE, "key": key_in(html)})
    assert answer.status_code == 302 and answer["Location"] == "/style/"
    assert Case.objects.get(pk=case.pk).facts["triaged"] == "yes"
    client.force_login(cast.staff["manager"], backend="baoxiu.people.sessions.Backend")


def test_the_word_after_a_step_names_it_and_lets_the_device_forget_its_draft(cast: Cast, case: Case) -> None:
    client = cast.client("manager")
    send(client, case, "note", {"text": "看过了"})
    html = client.get("/style/").content.decode()
    assert "已记录：内部备注" in html and f'data-draft-done="{case.number}-note"' in html


def test_a_double_click_counts_once(cast: Cast, case: Case) -> None:
    client = cast.client("agent")
    data = {"text": "我们马上处理", "key": key_in(page(client, case, "reply"))}
    assert [send(client, case, "reply", data).status_code for _ in range(3)] == [302, 302, 302]
    assert JournalEntry.objects.filter(case=case, step="reply").count() == 1


def test_the_same_form_with_other_words_is_shown_again_with_a_fresh_key(cast: Cast, case: Case) -> None:
    client = cast.client("agent")
    key = key_in(page(client, case, "reply"))
    send(client, case, "reply", {"text": "一", "key": key})
    again = send(client, case, "reply", {"text": "二", "key": key})
    assert again.status_code == 422 and "以第一次为准" in again.content.decode()
    fresh = key_in(again.content.decode())
    assert fresh != key and send(client, case, "reply", {"text": "二", "key": fresh}).status_code == 302
    assert JournalEntry.objects.filter(case=case, step="reply").count() == 2


def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(cast: Cast, case: Case) -> None:
    before = Case.objects.get(pk=case.pk).journal_count
    answer = send(
        cast.client("agent"), case, "triage", {"symptom": "", "fault": "quality", "cause": "<b>泵</b>"}
    )
    html = answer.content.decode()
    assert answer.status_code == 422 and "请填写“故障现象”。" in html
    assert 'id="f-symptom-error"' in html and "&lt;b&gt;泵&lt;/b&gt;" in html and "<b>泵" not in html
    assert Case.objects.get(pk=case.pk).journal_count == before


def test_a_refusal_of_the_rules_is_said_in_the_readers_language(cast: Cast, case: Case) -> None:
    client = cast.client("agent")
    shown = client.get(f"/test/{case.number}/advice/")
    assert shown.status_code == 409 and "现在不能办理，需要" in shown.content.decode()
    answer = send(client, case, "advice", {"text": "重启即可"}, **{"accept-language": "en"})
    assert answer.status_code == 422 and "Not possible now" in answer.content.decode()


def test_a_refusal_naming_a_field_marks_it(cast: Cast, case: Case) -> None:
    answer = send(cast.client("agent"), case, "merger", {"into": "BX-0000-000000"})
    assert answer.status_code == 422 and 'id="f-into-error"' in answer.content.decode()


def test_in_place_it_answers_with_the_fragment_alone(cast: Cast, case: Case) -> None:
    client, hx = cast.client("agent"), {"hx-request": "true"}
    html = page(client, case, "triage", **hx)
    assert (
        html.lstrip().startswith("<form") and "<html" not in html and 'hx-target="closest .step-form"' in html
    )
    wrong = send(client, case, "triage", {"symptom": ""}, **hx)
    assert wrong.status_code == 422 and "<html" not in wrong.content.decode()
    right = send(client, case, "triage", TRIAGE, **hx)
    assert right.status_code == 204 and right["HX-Redirect"] == "/style/"


def test_a_photo_goes_with_the_form_where_there_is_no_script(
    cast: Cast, case: Case, settings, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    settings.ATTACHMENTS = tmp_path
    upload = SimpleUploadedFile("说明.txt", "排水泵堵塞".encode())
    answer = send(cast.client("agent"), case, "note", {"text": "见附件", "files-upload": upload})
    assert answer.status_code == 302
    kept = Attachment.objects.get(case=case)
    assert kept.entry is not None and kept.entry.step == "note" and kept.name == "说明.txt"


def test_a_file_that_is_not_taken_stops_the_step_and_says_so(
    cast: Cast, case: Case, settings, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    settings.ATTACHMENTS = tmp_path
    upload = SimpleUploadedFile("a.html", b"<html><script>alert(1)</script>")
    answer = send(cast.client("agent"), case, "note", {"text": "见附件", "files-upload": upload})
    assert answer.status_code == 422 and "不接收此类文件" in answer.content.decode()
    assert not JournalEntry.objects.filter(case=case, step="note").exists()


@pytest.mark.parametrize("noun", ["registration", "nothing-of-the-kind"])
def test_what_is_no_step_of_a_case_is_not_found(cast: Cast, case: Case, noun: str) -> None:
    assert cast.client("agent").get(f"/test/{case.number}/{noun}/").status_code == 404


def test_another_role_is_told_that_the_step_is_not_theirs(cast: Cast, case: Case) -> None:
    answer = send(cast.client("dispatcher"), case, "triage", TRIAGE)
    assert answer.status_code == 422 and "不归您办理" in answer.content.decode()
