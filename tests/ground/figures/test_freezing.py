"""A frozen figure keeps its value and records; what changed since is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.books import bring_in, scope
from zhixing.ground.figures import actions, history
from zhixing.ground.figures.models import FrozenFigure, RecordSet
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.ledger import reads as ledger

pytestmark = pytest.mark.django_db

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
