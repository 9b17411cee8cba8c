"""Schemathesis over the whole document, as an agent: whatever is sent, the answer is one of those promised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from baoxiu.config.wsgi import application
from tests.conftest import Cast
from tests.faces.machine import machine, request_of

load_all_checks()
PROMISED = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.fixture
def ground(cast: Cast) -> Iterator[tuple[str, str]]:
    """A real case and an agent's key; requests leave the test's transaction open, as with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield request_of(cast.wang), machine(cast, "agent").token
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=6,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_keeps_its_promise(ground: tuple[str, str], case: Any) -> None:
    number, token = ground
    case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}
    if "number" in (case.path_parameters or {}) and len(str(case.path_parameters["number"])) % 2:
        case.path_parameters["number"] = number
    case.call_and_validate(checks=PROMISED)
