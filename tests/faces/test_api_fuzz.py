"""Schemathesis over the whole document: whatever is sent, the answer is one of those promised.

As an agent; where an agent may not, as somebody who may.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from baoxiu.cases.models import Case
from baoxiu.faces.common.audience import STAFF
from baoxiu.sop.standard import STANDARD
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
FACTS = {**STANDARD.initial_facts, "venue": "depot", "triaged": "yes", "diagnosed": "yes"}
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())


@pytest.fixture
def ground(cast: Cast) -> Iterator[tuple[str, dict[str, str]]]:
    """A real case and everybody's key; requests leave the test's transaction open, as with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    number = request_of(cast.wang, by=cast.actor("agent"))
    Case.objects.filter(number=number).update(
        engineer=cast.staff["engineer"], station=cast.station, stage="parts", facts=FACTS
    )
    yield number, {role: machine(cast, role).token for role in STAFF}
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
def test_every_operation_keeps_its_promise(ground: tuple[str, dict[str, str]], case: Any) -> None:
    number, tokens = ground
    said = case.operation.definition.raw
    who = next((role for role in STAFF if role in said.get("x-parties", said["x-for"])), "agent")
    known = {"Authorization": f"Bearer {tokens[who]}", "Accept-Encoding": "identity"}
    case.headers = {**(case.headers or {}), **known}
    for name, real in (("number", number), ("id", 1), ("part", 1)):
        if name in (case.path_parameters or {}) and len(str(case.path_parameters[name])) % 2:
            case.path_parameters[name] = real
    response = case.call_and_validate(checks=PROMISED)
    assert response.status_code not in (401, 429), "the key was not known: nothing was tried"
