"""Counts as people write them, and what is refused."""

from __future__ import annotations

import pytest

from zhixing.ground.kernel.counts import parse_count


@pytest.mark.parametrize("text", ["80余", "80余人", "80多人", "over 80", "More than 80", "80+", "＞＝80", ">=80人次"])
def test_over_eighty_is_read_however_it_is_written(text: str) -> None:
    assert str(parse_count(text)) == ">=80"


@pytest.mark.parametrize("text", ["近24", "约24", "将近24条", "nearly 24", "about 24", "~24", "≈24 篇"])
def test_nearly_twenty_four_is_read_however_it_is_written(text: str) -> None:
    assert str(parse_count(text)) == "~24"


@pytest.mark.parametrize("text", ["36", "36人", "36 人次", "３６份", "36项"])
def test_a_measure_word_behind_a_number_changes_nothing(text: str) -> None:
    assert str(parse_count(text)) == "36"


@pytest.mark.parametrize("text", ["", "余", "近80余", ">=近80", "80元", "over80x", "85%", "-3", "3-5人"])
def test_what_is_not_one_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_count(text)
