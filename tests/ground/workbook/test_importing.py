"""A workbook comes in: what is created, updated, left alone; and what the ledger says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.books import bring_in, write_book
from tests.cast import Cast
from zhixing.ground.kernel import tables as kernel_tables
from zhixing.ground.kernel.errors import NotAllowed, NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE, Actor, Grant
from zhixing.ground.ledger import reads as ledger
from zhixing.ground.ledger.actions import record
from zhixing.ground.units import reads as units
from zhixing.ground.units import tree
from zhixing.ground.workbook import importing, reads, writing
from zhixing.ground.workbook.actions import import_workbook
from zhixing.ground.workbook.types import Faulty, TableReport

pytestmark = pytest.mark.django_db

ACTIVITIES = "code,kind,title,unit,headcount\nA1,lecture,First,b,>=80\nA2,seminar,Second,s1,12"


def row(table: str, key: str) -> dict[str, str]:
    return dict(reads.row(table, units.programme("C").id, key, CONSOLE))


def again(folder: Path, only: dict[str, str], **options: object) -> dict[str, TableReport]:
    """Imports a workbook of these tables alone, into the one campaign that is there."""
    folder = folder / "again"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, text in only.items():
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return dict(import_workbook(folder, actor=CONSOLE, **options).tables)  # type: ignore[arg-type]  # forwarded


def test_rows_are_created_then_left_alone(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book", activities=ACTIVITIES)
    first = import_workbook(folder, actor=CONSOLE)
    second = import_workbook(folder, actor=CONSOLE)
    assert first.programme == "C"
    assert first.tables["activities"] == TableReport(2, 0, 0)
    assert second.tables["activities"] == TableReport(0, 0, 2)
    assert second.total() == TableReport(0, 0, first.total().created)


def test_only_what_differs_is_updated(tmp_path: Path) -> None:
    bring_in(tmp_path, activities=ACTIVITIES)
    changed = again(tmp_path, {"activities": ACTIVITIES.replace("Second", "Changed") + "\nA3,talk,Third,s2,"})
    assert changed == {"activities": TableReport(1, 1, 1)}
    assert row("activities", "A2")["title"] == "Changed"


def test_a_column_that_is_absent_erases_nothing(tmp_path: Path) -> None:
    bring_in(tmp_path, activities=ACTIVITIES)
    again(tmp_path, {"activities": "code,place\nA1,Hall"})
    assert (row("activities", "A1")["title"], row("activities", "A1")["place"]) == ("First", "Hall")


def test_an_empty_cell_sets_to_not_known(tmp_path: Path) -> None:
    bring_in(tmp_path, activities=ACTIVITIES)
    again(tmp_path, {"activities": "code,headcount,unit\nA1,,"})
    assert (row("activities", "A1")["headcount"], row("activities", "A1")["unit"]) == ("", "")


def test_a_table_that_is_absent_is_left_alone(tmp_path: Path) -> None:
    bring_in(tmp_path, activities=ACTIVITIES)
    assert set(again(tmp_path, {"phases": "code,name\nP1,One"})) == {"phases"}
    assert row("activities", "A1")["title"] == "First"


def test_headings_and_file_names_may_be_chinese(tmp_path: Path) -> None:
    bring_in(tmp_path)
    told = again(tmp_path, {"活动": "编号,类别,标题,单位,开始时间,人数\nA1,集中学习,学习,b,2026年5月18日 14:30,≥80"})
    assert told == {"activities": TableReport(1, 0, 0)}
    assert {"kind": "group_study", "starts_at": "2026-05-18T14:30", "headcount": ">=80"}.items() <= row(
        "activities", "A1").items()


def test_a_byte_order_mark_and_blank_rows_do_not_matter(tmp_path: Path) -> None:
    bring_in(tmp_path)
    told = again(tmp_path, {"phases": "\ufeffcode,name\n\nP1,One\n,\n\nP9,Nine"})
    assert told["phases"].created == 1


def test_superiors_may_stand_below_their_units_in_the_file(tmp_path: Path) -> None:
    bring_in(tmp_path, units="code,name,parent,participates\ns1,School,d,yes\nd,District,b,yes\nb,Bureau,,yes\ns2,S,d,yes")
    path = units.unit("s1").path
    assert path.startswith(units.unit("d").path) and path.startswith(units.unit("b").path)


def test_references_reach_rows_of_the_file_and_of_the_records(tmp_path: Path) -> None:
    bring_in(tmp_path, activities=ACTIVITIES)
    again(tmp_path, {"people": "code,name,unit\nnew,New,s2",
                     "attendance": "activity,person,status\nA1,new,present\nA1,t1,absent"})
    assert row("attendance", "A1/new")["status"] == "present"
    assert row("attendance", "A1/t1")["status"] == "absent"


def test_an_aspect_is_sought_within_its_poll(tmp_path: Path) -> None:
    bring_in(tmp_path, polls="code,title\nV1,One\nV2,Two", poll_aspects="poll,code,name\nV1,q,Of one\nV2,q,Of two",
             tallies="poll,aspect,grade,count\nV1,q,yes,3\nV2,q,yes,4")
    assert row("tallies", "V2/q/yes")["count"] == "4"
    with pytest.raises(Faulty, match="there is no “r”"):
        again(tmp_path, {"tallies": "poll,aspect,grade\nV1,r,yes"})


def test_any_column_but_keys_and_needed_references_may_be_absent(tmp_path: Path) -> None:
    bring_in(tmp_path)
    headings = {}
    for declared in kernel_tables.tables():
        needed = [column.name for column in declared.columns if column.name in declared.key
                  or (column.required and column.kind == "ref")]
        if declared.name != "campaign":
            headings[declared.name] = ",".join(needed)
    assert set(again(tmp_path, headings)) == set(headings)
    bring_in(tmp_path, activities="code\nA1", attendance="activity,person\nA1,t1", duties="code\nD1")
    assert row("attendance", "A1/t1")["status"] == ""


def test_a_step_told_twice_is_one_step(tmp_path: Path) -> None:
    bring_in(tmp_path, issues="code,title\nI1,Issue", events="issue,kind,on,by,text\nI1,closed,2026-05-01,b,\n"
                                                             "I1,closed,2026-05-01,b,")
    assert reads.list_rows("events", units.programme("C").id, CONSOLE).total == 1
    assert again(tmp_path, {"events": "issue,kind,on,by,text\nI1,closed,2026-05-01,b,"}) == {
        "events": TableReport(0, 0, 1)}


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    folder = write_book(tmp_path / "book")
    before = ledger.size()
    told = import_workbook(folder, actor=CONSOLE, dry_run=True)
    assert told.dry_run and told.tables["units"].created == 3
    assert (ledger.size(), units.programmes()) == (before, [])


def test_one_fault_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(Faulty):
        bring_in(tmp_path, activities="code,unit\nA1,nowhere")
    assert (ledger.size(), units.programmes()) == (0, [])


def test_the_ledger_has_one_entry_a_changed_table(tmp_path: Path) -> None:
    bring_in(tmp_path, activities=ACTIVITIES)
    told = {entry.subject: entry for entry in ledger.entries()}
    assert set(told) == {"units", "people", "campaign", "phases", "activities"}
    activities = told["activities"]
    assert (activities.verb, activities.actor) == ("workbook.import", "console")
    assert {"created": 2, "updated": 0, "unchanged": 0}.items() <= activities.new.items()
    assert len(str(activities.new["root"])) == 64
    before = ledger.size()
    again(tmp_path, {"activities": ACTIVITIES})
    assert ledger.size() == before
    assert ledger.verify() == []


def test_the_root_depends_on_what_changed_alone(tmp_path: Path) -> None:
    """Recomputed by hand, as somebody with the workbook would."""
    from zhixing.ground.kernel.hashing import canonical_bytes
    from zhixing.ground.kernel.merkle import root_of

    bring_in(tmp_path)
    again(tmp_path, {"phases": "code,order\nP1,7\nP9,9"})
    leaves = [["phases", ["code.code", "order.sort"], ["order.sort"]], ["P1", "7", "1"], ["P9", "9"]]
    assert ledger.entries(limit=1)[0].new["root"] == root_of(map(canonical_bytes, leaves)).hex()


def test_rows_go_to_the_campaign_that_the_workbook_names(tmp_path: Path) -> None:
    bring_in(tmp_path, phases="code,name\nP1,Of C")
    bring_in(tmp_path, campaign="code,name,host_unit\nD,Other,b", phases="code,name\nP1,Of D")
    assert row("phases", "P1")["name"] == "Of C"
    assert reads.row("phases", units.programme("D").id, "P1", CONSOLE)["name"] == "Of D"
    with pytest.raises(Refused, match="does not say which campaign"):
        again(tmp_path, {"phases": "code,name\nP2,Two"})
    again(tmp_path, {"phases": "code,name\nP2,Two"}, campaign="D")
    assert reads.row("phases", units.programme("D").id, "P2", CONSOLE)["name"] == "Two"
    with pytest.raises(NotFound):
        again(tmp_path, {"phases": "code,name\nP2,Two"}, campaign="E")


def test_without_any_campaign_the_workbook_has_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no campaign yet"):
        again(tmp_path, {"units": "code,name\nb,Bureau"})


def test_a_unit_takes_part_in_each_campaign_on_its_own(tmp_path: Path) -> None:
    bring_in(tmp_path)
    bring_in(tmp_path, campaign="code,name,host_unit\nD,Other,b", units="code,participates\ns1,no\nb,yes",
             people="code,name,unit\nl1,Leader 1,b")
    assert row("units", "s1")["participates"] == "yes"
    other = units.programme("D").id
    assert reads.row("units", other, "s1", CONSOLE)["participates"] == "no"
    assert reads.list_rows("units", other, CONSOLE).total == 2


def test_another_organisations_workbook_renames_nobody(tmp_path: Path) -> None:
    bring_in(tmp_path)
    with pytest.raises(Faulty) as error:
        bring_in(tmp_path, campaign="code,name,host_unit\nX,Other,x",
                 units="code,name,parent\nx,Other bureau,\ns1,Another school,x\ns2,School 2,b",
                 people="code,name,unit\nt1,Somebody else,x\nt2,Teacher 2,s1")
    assert [(fault.table, fault.row, fault.column) for fault in error.value.faults] == [
        ("units", 3, "name"), ("units", 3, "parent"), ("people", 2, "name"), ("people", 2, "unit")]
    assert row("units", "s1")["name"] == "School 1"


def test_within_its_own_subtree_a_workbook_renames_and_moves(tmp_path: Path) -> None:
    bring_in(tmp_path)
    again(tmp_path, {"units": "code,name,parent\ns2,School two,s1", "people": "code,name,unit\nt3,Teacher three,s1"})
    assert units.unit("s2").path.startswith(units.unit("s1").path)
    assert row("people", "t3") == row("people", "t3") | {"name": "Teacher three", "unit": "s1"}


def test_the_tree_follows_placements(tmp_path: Path, clock: object) -> None:
    bring_in(tmp_path, placements="unit,parent,from,to\ns2,s1,2026-06-01,")
    assert units.unit("s2", date(2026, 7, 1)).path.startswith(units.unit("s1").path)
    assert not units.unit("s2", date(2026, 5, 1)).path.startswith(units.unit("s1").path)


def test_units_may_swap_places_over_the_years_but_not_stand_in_a_circle(tmp_path: Path) -> None:
    bring_in(tmp_path, placements="unit,parent,from,to\ns1,s2,2026-01-01,2026-12-31\ns2,s1,2027-01-01,2027-12-31")
    with pytest.raises(Faulty) as error:
        again(tmp_path, {"placements": "unit,parent,from,to\ns2,s1,2026-12-31,2026-12-31"})
    assert [(fault.table, fault.row, fault.kind) for fault in error.value.faults] == [("placements", 2, "circle")]


def test_new_units_have_numbers_without_gaps(tmp_path: Path) -> None:
    """A unit's number has seven digits, so numbers must not be wasted."""
    bring_in(tmp_path)
    many = "\n".join(f"u{number:03},Unit,b" for number in range(200))
    again(tmp_path, {"units": f"code,name,parent\n{many}"})
    again(tmp_path, {"units": f"code,name,parent\n{many}\nlast,Last,u000"})
    assert units.unit("last").id == units.unit("u199").id + 1


def test_progress_ends_with_all_rows(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    import_workbook(write_book(tmp_path / "book"), actor=CONSOLE, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (11, 11)


def test_an_example_row_of_a_template_is_left_out(tmp_path: Path) -> None:
    bring_in(tmp_path, phases="code,name\n例：P1,阶段\ne.g. P2,Phase\nP3,Real")
    assert [found["code"] for found in reads.list_rows("phases", units.programme("C").id, CONSOLE).rows] == ["P3"]


def test_only_an_office_brings_in_a_workbook(tmp_path: Path, cast: Cast) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "activities.csv").write_text("code,kind,unit\nA1,lecture,N1\n", encoding="utf-8")
    with pytest.raises(NotAllowed):
        import_workbook(folder, actor=cast.actor("secretary"))
    with pytest.raises(NotAllowed):
        import_workbook(folder, actor=cast.actor("leader"))
    assert ledger.size() == 0
    import_workbook(folder, actor=cast.actor("office"))
    (folder / "campaign.csv").write_text("code,host_unit\nNEW,B\n", encoding="utf-8")
    with pytest.raises(NotAllowed):
        import_workbook(folder, actor=cast.actor("office"))
    assert import_workbook(folder, actor=cast.actor("admin")).programme == "NEW"


def test_an_office_brings_in_units_of_its_own_branch_alone(tmp_path: Path, cast: Cast) -> None:
    office = Actor("person", "north", None, (Grant("office", cast.path("N"), None),))
    elsewhere = tmp_path / "own"
    elsewhere.mkdir()
    (elsewhere / "campaign.csv").write_text("code,host_unit\nNORTH,N\n", encoding="utf-8")
    (elsewhere / "units.csv").write_text(
        "code,kind,parent\nN4,school,N\nN5,school,N4\nS9,school,S\nROOT,bureau,\nN1,college,N\nS1,college,S\nN2,school,S\n",
        encoding="utf-8")
    (elsewhere / "people.csv").write_text("code,unit,phone\nnew,N4,1\nother,S1,2\nS1-1,S1,3\nN1-1,N1,4\n", encoding="utf-8")
    with pytest.raises(Faulty) as error:
        import_workbook(elsewhere, actor=office)
    assert [(fault.table, fault.row, fault.column) for fault in error.value.faults] == [
        ("units", 4, "parent"), ("units", 5, "parent"), ("units", 7, "code"), ("units", 8, "parent"),
        ("people", 3, "unit"), ("people", 4, "unit")]
    assert ledger.size() == 0


def somebody_adds(table: str, code: str, **values: object) -> None:
    """What another process does: a record and its entry of the ledger."""
    model = kernel_tables.table(table).model
    if table == "units":
        model._default_manager.create(code=code, **values)
        tree.rebuild()
    else:
        model._default_manager.create(programme_id=units.programme("C").id, code=code, **values)
    record(actor=CONSOLE, verb="workbook.add", subject=f"{table}/{code}")


class TestWritersMeanwhile:
    """Somebody else writes between the check and the lock."""

    def interfere(self, monkeypatch: pytest.MonkeyPatch, *writes: Callable[[], None]) -> list[int]:
        """Before the n-th attempt to write, the n-th of these happens."""
        waiting, attempts = list(writes), []
        honest = importing.Run.write

        def write(run: importing.Run, size: int, roots: dict[str, str]) -> None:
            attempts.append(size)
            if waiting:
                waiting.pop(0)()
            honest(run, size, roots)

        monkeypatch.setattr(importing.Run, "write", write)
        return attempts

    def test_what_concerns_nobody_else_goes_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path)
        attempts = self.interfere(monkeypatch, lambda: somebody_adds("phases", "P9"))
        assert again(tmp_path, {"activities": ACTIVITIES})["activities"].created == 2
        assert len(attempts) == 1

    def test_new_rows_of_the_same_table_do_not_collide(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path)
        attempts = self.interfere(monkeypatch, lambda: somebody_adds("activities", "THEIRS"))
        assert again(tmp_path, {"activities": ACTIVITIES, "attendance": "activity,person,status\nA1,t1,present"})[
            "activities"].created == 2
        assert len(attempts) == 1
        assert row("attendance", "A1/t1")["status"] == "present"

    def test_a_circle_that_two_make_together_is_refused(self, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path)

        def somebody_moves_the_first_under_the_second() -> None:
            unit = kernel_tables.table("units").model._default_manager
            unit.filter(code="s1").update(parent_id=units.unit("s2").id)
            tree.rebuild()
            record(actor=CONSOLE, verb="units.move", subject="units/s1")

        self.interfere(monkeypatch, somebody_moves_the_first_under_the_second)
        with pytest.raises(Faulty, match="a circle: "):
            again(tmp_path, {"units": "code,parent\ns2,s1"})

    def test_a_unit_that_was_added_moves_with_its_superior(self, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path)
        attempts = self.interfere(
            monkeypatch, lambda: somebody_adds("units", "new", parent_id=units.unit("s2").id))
        again(tmp_path, {"units": "code,parent\ns2,s1"})
        assert len(attempts) == 2
        assert units.unit("new").path.startswith(units.unit("s1").path)

    def test_the_same_row_is_then_an_update(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path)
        attempts = self.interfere(
            monkeypatch, lambda: somebody_adds("activities", "A1", title="Theirs", place="Hall"))
        assert again(tmp_path, {"activities": ACTIVITIES})["activities"] == TableReport(1, 1, 0)
        assert len(attempts) == 2
        assert row("activities", "A1") == row("activities", "A1") | {"title": "First", "place": "Hall"}

    def test_a_row_that_was_removed_is_made_anew(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path, activities=ACTIVITIES)

        def somebody_removes_it() -> None:
            kernel_tables.table("activities").model._default_manager.filter(code="A1").delete()
            record(actor=CONSOLE, verb="workbook.remove", subject="activities/A1")

        attempts = self.interfere(monkeypatch, somebody_removes_it)
        told = again(tmp_path, {"activities": ACTIVITIES.replace("First", "Changed")})
        assert (told["activities"], len(attempts)) == (TableReport(1, 0, 1), 2)
        assert row("activities", "A1")["title"] == "Changed"

    def test_it_gives_up_when_others_never_stop(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        bring_in(tmp_path)
        self.interfere(monkeypatch, *[partial(somebody_adds, "units", f"n{number}") for number in range(9)])
        with pytest.raises(Refused, match="Others kept changing"):
            again(tmp_path, {"activities": ACTIVITIES})


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
class TestManyRowsOnSqlite:
    """References of many rows are checked all at once, so that others wait half as long."""

    def foreign_keys(self) -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA foreign_keys").fetchone()[0])

    def test_it_comes_in_and_checking_is_back_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "MANY", 1)
        bring_in(tmp_path, activities=ACTIVITIES, attendance="activity,person,status\nA1,t1,present")
        assert row("attendance", "A1/t1")["status"] == "present"
        assert self.foreign_keys() == 1
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []

    def test_a_row_that_goes_meanwhile_is_missed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writing, "MANY", 1)
        bring_in(tmp_path, activities=ACTIVITIES)
        honest = importing.Run.write

        def write(run: importing.Run, size: int, roots: dict[str, str]) -> None:
            monkeypatch.setattr(importing.Run, "write", honest)
            with transaction.atomic():
                kernel_tables.table("activities").model._default_manager.filter(code="A1").delete()
                record(actor=CONSOLE, verb="workbook.remove", subject="activities/A1")
            honest(run, size, roots)

        monkeypatch.setattr(importing.Run, "write", write)
        with pytest.raises(Faulty, match="there is no “A1”"):
            again(tmp_path, {"attendance": "activity,person,status\nA1,t1,present\nA2,t1,present"})
        assert reads.list_rows("attendance", units.programme("C").id, CONSOLE).total == 0
        assert self.foreign_keys() == 1
