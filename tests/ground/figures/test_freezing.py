"""A frozen figure keeps its value and records; what changed since is told."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.books import bring_in, scope
from zhixing.ground.figures import actions, history
from zhixing.ground.figures.models import FrozenFigure, RecordSet
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import actions as ledger_actions
from zhixing.ground.ledger import reads as ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

NEWS = "code,unit,title,kind,submitted_on\nI1,b,One,briefing,2026-03-02\nI2,s1,Two,article,2026-03-05"


def test_a_frozen_figure_reports_the_records_that_came_and_went(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, information=NEWS)
    frozen = actions.freeze("information.submitted", scope(programme), actor=CONSOLE)
    assert not history.drift(frozen.id).any
    bring_in(tmp_path, information=NEWS.replace("s1,Two,article,2026-03-05", "s1,Two,article,2027-03-05")
             + "\nI3,s2,Three,article,2026-03-09")
    drift = history.drift(frozen.id)
    assert (drift.frozen.value, drift.now.value) == (2, 2)
    assert (drift.came, drift.went) == (("I3",), ("I2",))
    assert drift.any


def test_figures_over_the_same_records_share_one_list_of_codes(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, information=NEWS)
    one = actions.freeze("information.submitted", scope(programme), actor=CONSOLE)
    two = actions.freeze("information.submitted", scope(programme, "2026-11-30"), actor=CONSOLE)
    assert one.digest == two.digest and one.id != two.id
    assert RecordSet.objects.count() == 1
    assert history.records_of(one.id) == ["I1", "I2"]


def test_freezing_again_with_the_same_outcome_is_the_same_frozen_figure(tmp_path: Path) -> None:
    programme = bring_in(tmp_path, information=NEWS)
    one = actions.freeze("information.submitted", scope(programme), {"kind": ["briefing"]}, actor=CONSOLE)
    before = ledger.size()
    two = actions.freeze("information.submitted", scope(programme), {"kind": ["briefing"]}, actor=CONSOLE)
    other = actions.freeze("information.submitted", scope(programme), {"kind": ["article"]}, actor=CONSOLE)
    assert one == two
    assert other.id != one.id
    assert (ledger.size(), FrozenFigure.objects.count()) == (before + 1, 2)


def test_what_is_not_known_freezes_with_its_reason(tmp_path: Path) -> None:
    frozen = actions.freeze("forms.return_rate", scope(bring_in(tmp_path)), actor=CONSOLE)
    assert frozen.value is None and frozen.why
    assert not history.drift(frozen.id).any


def _sql(statement: str, *values: str | int | bytes) -> None:
    """What somebody does with the database past the product."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


class TestAltered:
    def test_what_was_frozen_is_sound(self, tmp_path: Path) -> None:
        programme = bring_in(tmp_path, information=NEWS)
        actions.freeze_all([("information.submitted", scope(programme), {}),
                            ("information.submitted", scope(programme), {"kind": ["article"]}),
                            ("forms.return_rate", scope(programme), {})], actor=CONSOLE)
        assert list(history.altered()) == []

    @pytest.mark.parametrize(("column", "value", "said"), [
        ("value", 7, "value 2 → 7"), ("name", "activities.held", "name information.submitted → activities.held"),
        ("as_of", "2026-10-01", "as_of 2026-12-31 → 2026-10-01"), ("qualifier", ">=", "qualifier = → >="),
        ("evidence", 9, "evidence 2 → 9"), ("filter", '{"kind": ["article"]}', "where {} → "),
    ])
    def test_a_figure_changed_by_sql_is_named_with_what_differs(
        self, tmp_path: Path, column: str, value: str | int, said: str
    ) -> None:
        programme = bring_in(tmp_path, information=NEWS)
        other = actions.freeze("information.submitted", scope(programme, "2026-11-30"), actor=CONSOLE)
        frozen = actions.freeze("information.submitted", scope(programme), actor=CONSOLE)
        _sql(f'UPDATE figures_frozenfigure SET "{column}" = %s WHERE id = %s', value, frozen.id)
        [sentence] = history.altered()
        assert f"frozen figure {frozen.id} " in sentence and said in sentence
        assert f"frozen figure {other.id} " not in sentence

    @pytest.mark.parametrize("codes", [zlib.compress(b"I1\nI3"), b"no compressed text"])
    def test_codes_changed_by_sql_are_found_by_their_hash(self, tmp_path: Path, codes: bytes) -> None:
        frozen = actions.freeze("information.submitted", scope(bring_in(tmp_path, information=NEWS)), actor=CONSOLE)
        _sql("UPDATE figures_recordset SET codes = %s", codes)
        [sentence] = history.altered()
        assert f"The records behind the frozen figure {frozen.id} (information.submitted, " in sentence

    def test_a_figure_that_was_taken_out_is_missed(self, tmp_path: Path) -> None:
        frozen = actions.freeze("information.submitted", scope(bring_in(tmp_path, information=NEWS)), actor=CONSOLE)
        _sql("DELETE FROM figures_frozenfigure")
        [sentence] = history.altered()
        assert f"frozen figure {frozen.id} (information.submitted) is gone" in sentence

    def test_entries_of_earlier_versions_say_less_and_are_held_to_that(self, tmp_path: Path) -> None:
        frozen = actions.freeze("information.submitted", scope(bring_in(tmp_path, information=NEWS)), actor=CONSOLE)
        short = {"figures": [{"id": frozen.id, "name": frozen.name, "value": frozen.value, "records": frozen.digest}]}
        with transaction.atomic():
            ledger_actions.record(actor=CONSOLE, verb="froze figures", subject="figures", new=short)
        assert list(history.altered()) == []
