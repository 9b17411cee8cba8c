"""Killed at any moment, nothing acknowledged is lost, nothing happens twice (bench/kill.py tells how)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import kill


@pytest.mark.slow
def test_every_acknowledged_write_is_there_exactly_once_after_forty_kills(prepared_home: Path) -> None:
    outcome = kill.run(prepared_home, kills=40)
    assert not outcome.complaints, f"{outcome}\n" + "\n".join(outcome.complaints[:20])
    assert sum(outcome.kills.values()) >= 40
    assert outcome.acknowledged > 100 and outcome.repeated > 0
