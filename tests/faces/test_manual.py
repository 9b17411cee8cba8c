"""The manual is read inside the product, and every page of the office leads to its page there."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from baoxiu.faces.common import manual, office_pages
from baoxiu.faces.common.middleware import LANGUAGE_COOKIE
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "folder", "title"), [("zh-hans", "zh", "手册"), ("en", "en", "Manual")])
def test_every_page_opens_and_what_it_names_is_there(
    cast: Cast, language: str, folder: str, title: str
) -> None:
    client = cast.client("manager")
    client.cookies[LANGUAGE_COOKIE] = language
    assert f"<h1>{title}</h1>" in client.get(reverse("common:manual")).content.decode()
    named: set[str] = set()
    for file in (manual.DOCS / folder).glob("*.md"):
        answer = client.get(reverse("common:manual-page", args=[file.stem]))
        article = answer.content.decode().partition("<article")[2].partition("</article>")[0]
        assert answer.status_code == 200 and article and "&lt;!--" not in article, file
        named |= set(re.findall(r'(?:href|src)="(/[^"#]*)"', article))
    assert "/manual/img/board-" + folder + ".png" in named and "/office/planning/" in named
    assert [link for link in named if client.get(link).status_code == 404] == []


@pytest.mark.parametrize("name", ["nothing", "..", "C9.9", "index.md", "house.md"])
def test_what_is_no_page_is_not_found(cast: Cast, name: str) -> None:
    assert cast.client("agent").get(f"/manual/{name}/").status_code == 404
    assert cast.client("agent").get(f"/manual/img/{name}").status_code == 404


@pytest.mark.parametrize("who", ["manager", "administrator", "agent"])
def test_every_page_of_the_offices_menu_says_what_it_is_for_and_leads_to_the_manual(
    cast: Cast, who: str
) -> None:
    client = cast.client(who)
    client.cookies[LANGUAGE_COOKIE] = "en"
    first = client.get("/office/models/").content.decode()
    menu = re.findall(r'<a href="([^"]+)"', first.partition("subnav-side")[2].partition("</nav>")[0])
    assert len(menu) > 5
    for address in menu:
        page = client.get(address).content.decode()
        line = re.search(r'<p class="page-lead">(.*?) <a href="(/manual/[^"]+/)">', page, re.DOTALL)
        assert line and line[1], address
        assert client.get(line[2]).status_code == 200


def test_the_pages_below_belong_to_pages_that_have_a_line() -> None:
    assert set(office_pages.BELOW) <= set(office_pages.LEADS)
    assert office_pages.lead("colleague") == office_pages.Lead("", "C4.3")
    assert office_pages.lead("board-behind") and office_pages.lead("nothing") is None
