"""The campaign on a page, its figures, and the records behind them."""

from __future__ import annotations

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from zhixing.ground.kernel import clock as kernel_clock
from zhixing.ground.kernel.figures import figures
from zhixing.outputs.boards import words

from .pages import bring_in, signed_in

COUNTY = 187


def cells(page: object) -> dict[str, list[str]]:
    """Unit → the words in its cells."""
    return {
        row.unit.code: [cell.text for cell in row.cells]
        for row in page.context["board"].rows  # type: ignore[attr-defined]
        if row.kind != "group"
    }


def test_a_cell_says_the_state_in_a_word(kept: Cast) -> None:
    told = cells(signed_in("office").get("/c/P1/"))
    assert told["N1"] == ["Met", "1/2 Under way"]
    assert told["N2"] == ["Overdue", "Not due"]
    assert told["S2"] == ["Waived", "Not due"]
    assert told["B"] == ["Met", ""], "the bureau owes no study"


def test_a_groups_cell_says_how_many_of_how_many(kept: Cast) -> None:
    rows = signed_in("office").get("/c/P1/").context["board"].rows
    told = {row.unit.code: [cell.text for cell in row.cells] for row in rows if row.kind == "group"}
    assert told == {"N": ["1/4, 3 overdue", "0/3 Under way"], "S": ["0/2, 2 overdue", "0/2 Under way"]}


def test_every_cell_opens_its_evidence_and_every_record_its_row(kept: Cast) -> None:
    office = signed_in("office")
    page = office.get("/c/P1/")
    addresses = {cell.url for row in page.context["board"].rows for cell in row.cells if cell.url}
    for address in addresses:
        assert office.get(address).status_code == 200, address
    evidence = office.get("/c/P1/duties/D2/N1/")
    assert [each.record.record for each in evidence.context["records"]] == ["A3"]
    assert office.get(evidence.context["records"][0].url).status_code == 200


def test_the_drawer_holds_what_the_page_holds_without_its_frame(kept: Cast) -> None:
    office = signed_in("office")
    page = office.get("/c/P1/duties/D2/N1/").content.decode()
    drawer = office.get("/c/P1/duties/D2/N1/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in drawer
    assert "First study" in page
    assert "First study" in drawer


def test_a_state_filters_the_units(kept: Cast) -> None:
    assert set(cells(signed_in("office").get("/c/P1/?state=waived"))) == {"S2"}


def test_a_school_reads_first_what_it_still_owes(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/?unit=N2")
    assert [(each.name, each.word) for each in page.context["owed"]] == [("Hold the kick-off", "Overdue")]
    assert "/c/P1/capture/?" in page.context["owed"][0].add
    assert "kind=mobilisation" in page.context["owed"][0].add
    said = page.content.decode()
    assert said.index('class="card owed"') < said.index('class="strip"')


def test_a_unit_with_parts_has_its_grid_instead(kept: Cast) -> None:
    assert signed_in("office").get("/c/P1/").context["owed"] == []


def test_a_phase_shows_its_duties_alone(kept: Cast) -> None:
    office = signed_in("office")
    assert [duty.code for duty in office.get("/c/P1/?phase=PH1").context["board"].duties] == ["D1", "D2"]
    assert office.get("/c/P1/?phase=PH2").context["board"].duties == ()


def test_the_day_in_the_address_is_the_day_of_the_page(kept: Cast) -> None:
    told = cells(signed_in("office").get("/c/P1/?as_of=2026-03-10"))
    assert told["N1"] == ["Not due", "Not due"]
    assert told["B"][0] == "Met"


def test_a_figures_page_agrees_with_itself(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/figures/activities.held/?kind=mobilisation")
    assert page.context["value"].value == 2
    assert [each.record.record for each in page.context["records"]] == ["A1", "A2"]
    assert sum(bar.value.value for bar in page.context["bars"]) == 2
    assert page.context["title"] == "Activities held (Launch meeting)"


def test_what_is_not_known_is_said_with_the_reason(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/figures/forms.return_rate/").content.decode()
    assert "not known" in page
    assert "larger than the whole" in page


def test_every_figure_has_a_page_and_every_page_its_words(kept: Cast) -> None:
    office = signed_in("office")
    listed = office.get("/c/P1/figures/").content.decode()
    for figure in figures():
        assert office.get(f"/c/P1/figures/{figure.name}/").status_code == 200, figure.name
        assert words.how(figure.name), f"{figure.name} does not say how it is counted"
        assert figure.needs or f"/figures/{figure.name}/" in listed, figure.name


def test_a_figure_that_does_not_exist_is_not_found(kept: Cast) -> None:
    assert signed_in("office").get("/c/P1/figures/activities.nothing/").status_code == 404


def test_a_derived_record_opens_its_activity(kept: Cast) -> None:
    office = signed_in("office")
    page = office.get("/c/P1/figures/activities.person_times/?kind=mobilisation&unit=N1")
    urls = {each.record.record: each.url for each in page.context["records"]}
    assert urls["A2/N1-1"] == "/c/P1/records/activities/A2/"


def test_the_form_that_adds_is_filled_from_the_filters(kept: Cast) -> None:
    page = signed_in("office").get("/c/P1/figures/activities.held/?kind=visit&unit=N1")
    assert page.context["add"] == "/c/P1/add/activities/?unit=N1&kind=visit"


def test_what_was_frozen_shows_what_has_changed(kept: Cast, tmp_path: Path) -> None:
    from zhixing.ground.figures import actions
    from zhixing.ground.kernel.types import CONSOLE, Scope

    scope = Scope(kept.programme_id, kept.ids["B"], date(2026, 5, 18))
    actions.freeze("activities.held", scope, {}, actor=CONSOLE)
    bring_in(tmp_path / "more", activities="code,kind,title,unit,starts_at\nA9,visit,One more,N1,2026-04-09")
    page = signed_in("office").get("/c/P1/figures/activities.held/").content.decode()
    assert "Counted again now: 6" in page
    assert "A9" in page


@pytest.fixture
def county(kept: Cast, tmp_path: Path) -> Cast:
    """The cast's county grown to 187 units in ten districts, with ten duties."""
    first = len(kept.ids)
    units = ["code,name,kind,parent,participates"]
    units += [f"D{n},District {n},district,B,yes" for n in range(10)]
    units += [f"X{n},School {n},school,D{n % 10},yes" for n in range(COUNTY - first - 10)]
    duties = ["code,phase,name,figure,where,at_least,due_on,applies_to"]
    duties += [
        f"E{n},PH1,Duty {n},activities.held,kind=lecture,1,2026-04-{n + 1:02},,"[:-1] for n in range(8)
    ]
    bring_in(tmp_path / "county", units="\n".join(units), duties="\n".join(duties))
    return kept


def test_a_board_of_187_units_weighs_little(county: Cast) -> None:
    for name in ("en", "zh-hans"):
        page = signed_in("office", name).get("/c/P1/", headers={"Accept-Encoding": "gzip"})
        body = (
            gzip.decompress(page.content).decode()
            if page.headers.get("Content-Encoding")
            else page.content.decode()
        )
        assert len(re.findall(r"<tr", body)) > COUNTY
        assert len(gzip.compress(body.encode())) < 60_000


def queries(name: str, path: str) -> int:
    browser = signed_in(name)
    browser.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


PAGES = [
    "/c/P1/",
    "/c/P1/figures/",
    "/c/P1/figures/activities.held/",
    "/c/P1/duties/D1/",
    "/c/P1/contradictions/",
    "/c/P1/records/units/",
]


def test_queries_do_not_grow_with_the_units(
    kept: Cast, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before = {path: queries("office", path) for path in PAGES}
    request.getfixturevalue("county")
    duties = 8
    for path in PAGES:
        # Each further duty may cost a few queries; further units must cost none.
        assert queries("office", path) <= before[path] + duties * 6, path


def test_more_than_two_hundred_units_are_folded_into_their_groups(kept: Cast, tmp_path: Path) -> None:
    units = ["code,name,kind,parent,participates"]
    units += [f"X{n},School {n},school,{'NS'[n % 2]},yes" for n in range(250)]
    bring_in(tmp_path / "many", units="\n".join(units))
    page = signed_in("office").get("/c/P1/")
    board = page.context["board"]
    assert board.folded
    assert [row.unit.code for row in board.rows] == ["B", "N", "S"]
    assert "Open one by its name" in page.content.decode()


def test_between_phases_the_last_that_began_is_named(kept: Cast) -> None:
    with kernel_clock.fixed(date(2027, 2, 1)):
        assert signed_in("office").get("/c/P1/").context["heading"] == "Review"


def test_who_only_looks_is_offered_no_record_to_add(kept: Cast) -> None:
    assert "Add a record" in signed_in("secretary").get("/c/P1/").content.decode()
    assert "Add a record" not in signed_in("viewer").get("/c/P1/").content.decode()


def test_the_page_of_pieces_shows_each_piece(cast: Cast, rf: RequestFactory) -> None:
    from zhixing.shell.views import look

    request = rf.get("/look/")
    request.user = cast.users["office"]
    page = look(request).content.decode()
    for piece in ("phases", "strip", "board", "bars", "chip", "timeline", "empty", "summary", "finding", "toast"):
        assert f'class="{piece}' in page or f" {piece}" in page, piece
