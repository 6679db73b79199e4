from __future__ import annotations

import hashlib
import io
import json
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhixing.ground.kernel.hashing import canonical, stream_hash, value_hash

TEXTS = st.text(st.characters(codec="utf-8"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20,
)


def test_keys_are_sorted_and_nothing_is_escaped_or_spaced() -> None:
    assert canonical({"b": [1, None, True], "a": "知行"}) == '{"a":"知行","b":[1,null,true]}'


def test_dates_and_decimals_are_text() -> None:
    value = {"on": date(2026, 5, 18), "at": datetime(2026, 5, 18, 14, 30), "time": time(9),
             "n": Decimal("80.50")}
    assert canonical(value) == '{"at":"2026-05-18T14:30:00","n":"80.5","on":"2026-05-18","time":"09:00:00"}'


@given(VALUES)
def test_it_is_json_and_says_the_same(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(TEXTS, st.integers()))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert value_hash(value) == value_hash(dict(reversed(value.items())))


@pytest.mark.parametrize("value", [
    float("nan"), float("inf"), Decimal("NaN"), {1: 2}, b"bytes", {"a": {1, 2}}, "\ud800", object(),
])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical(value)


@given(st.binary(max_size=5000))
def test_a_stream_has_the_hash_of_its_bytes(data: bytes) -> None:
    assert stream_hash(io.BytesIO(data)) == hashlib.sha256(data).hexdigest()
