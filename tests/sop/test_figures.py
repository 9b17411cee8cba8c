"""C5.2: medians and ninetieth percentiles out of buckets stay beside the true ones."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baoxiu.sop import figures


@given(st.lists(st.integers(0, 3_000_000), min_size=1, max_size=20), st.sampled_from([1, 50, 90, 100]))
def test_a_percentile_is_never_further_off_than_a_sixteenth(minutes: list[int], percent: int) -> None:
    true = sorted(minutes)[-(-len(minutes) * percent // 100) - 1]
    found = figures.percentile(Counter(map(figures.bucket, minutes)), percent)
    assert found is not None and abs(found - true) <= true / 16


@pytest.mark.parametrize("minutes", [0, 1, 31, 32, 33, 63, 64, 65, 1023, 1024, 525_600])
def test_buckets_follow_one_another_without_gap_or_overlap(minutes: int) -> None:
    assert int(figures.bucket(minutes + 1)) - int(figures.bucket(minutes)) in (0, 1)


def test_of_nothing_there_is_no_median() -> None:
    assert figures.percentile({}, 50) is None and figures.percentile({"3": 0}, 50) is None
