"""Static files as they are served: compressed once, named by content, kept for ever."""

from __future__ import annotations

import gzip
import re

import pytest
from django.core.management import call_command
from django.test import Client

from baoxiu.people.models import Staff

pytestmark = [pytest.mark.urls("tests.faces.common_urls"), pytest.mark.django_db, pytest.mark.slow]
FIRST_TIME, AFTERWARDS = 250_000, 30_000  # bytes on the wire, issue A §4


@pytest.fixture
def served(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    settings.TEMPLATES = list(settings.TEMPLATES)  # a new environment: the old one remembers addresses
    call_command("collectstatic", "--noinput", verbosity=0)


def test_a_page_weighs_little_and_its_files_are_fetched_once(served: None, cast) -> None:  # type: ignore[no-untyped-def]
    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(
        Staff.objects.get(email="manager@example.com"),
        backend="baoxiu.people.sessions.Backend",
    )
    page = client.get("/style/")
    addresses = set(
        re.findall(r'(?:href|src|data-signature)="(/static/[^"#]+)', gzip.decompress(page.content).decode())
    )
    assert len(addresses) >= 6
    total = len(page.content)
    for address in addresses:
        answer = client.get(address)
        body = b"".join(answer.streaming_content)
        total += len(body)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable", address
        assert answer.get("Content-Encoding") == "gzip" or len(body) < 600, address
    assert total <= FIRST_TIME, total
    assert page.headers.get("Content-Encoding") == "gzip" and len(page.content) <= AFTERWARDS
