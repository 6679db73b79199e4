"""The database is tampered with as an administrator could do it, by SQL, and the ledger must see it."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhixing.ground.kernel import merkle
from zhixing.ground.kernel.errors import Refused
from zhixing.ground.kernel.types import CONSOLE, Actor
from zhixing.ground.ledger import actions, reads, verify
from zhixing.ground.ledger.keys import signing_key
from zhixing.ground.ledger.models import Entry, Node
from zhixing.ground.ledger.types import Head

SIZE = 21

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def kept(db: None) -> Head:
    """A ledger of 21 entries, and its head, kept elsewhere."""
    for number in range(SIZE):
        actions.record(actor=Actor("person", f"p{number % 3}"), verb="units.save",
                       programme_id=number % 2 or None, subject=f"units/{number}",
                       old={"name": f"旧{number}"}, new={"name": f"新{number}"})
    assert reads.verify(reads.head()) == []
    return reads.head()


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def resealed(seq: int, **words: object) -> None:
    """Rewrites an entry with a leaf that fits (its salt stands in the row), as a careful forger would."""
    Entry.objects.filter(seq=seq).update(**words)
    entry = Entry.objects.get(seq=seq)
    Entry.objects.filter(seq=seq).update(leaf=entry.written().leaf(bytes(entry.salt or b"")))


def regrown() -> None:
    """Makes the stored tree anew from the leaves, so that only signatures can tell."""
    Node.objects.all().delete()
    tree = merkle.RootBuilder()
    for leaf in Entry.objects.order_by("seq").values_list("leaf", flat=True):
        Node.objects.bulk_create(Node(position=merkle.position(level, index), hash=value)
                                 for level, index, value in tree.add_hash(bytes(leaf)))


def resigned() -> None:
    """Signs every head anew: what only the holder of the key can do."""
    tree = merkle.RootBuilder()
    for entry in Entry.objects.order_by("seq"):
        tree.add_hash(bytes(entry.leaf))
        message = Head(entry.seq, tree.root(), entry.at, b"").message()
        Entry.objects.filter(seq=entry.seq).update(seal=signing_key(1).sign(message).signature)


def renumbered(step: int, above: int) -> None:
    for seq in sorted(Entry.objects.filter(seq__gt=above).values_list("seq", flat=True), reverse=step > 0):
        Entry.objects.filter(seq=seq).update(seq=seq + step)


def first_bad(head: Head | None = None) -> int | None:
    found = reads.faults(head)
    return found[0].seq if found else None


EDITS = [
    ("actor = %s", "someone"), ("actor_kind = %s", "system"), ("verb = %s", "units.drop"),
    ("subject = %s", "units/X"), ("new = %s", '{"name":"乙"}'), ("old = %s", ""), ("programme_id = %s", 99),
    ("at = %s", "2020-01-01 00:00:00"), ("salt = %s", b"0" * 16),
    ("leaf = %s", b"0" * 32), ("seal = %s", b"0" * 64), ("seal = %s", b"short"),
]


@pytest.mark.parametrize(("change", "value"), EDITS)
@pytest.mark.parametrize("seq", [1, 8, SIZE])
def test_an_edit_of_any_column_is_found_and_named(kept: Head, change: str, value: object, seq: int) -> None:
    sql(f"UPDATE ledger_entry SET {change} WHERE seq = %s", value, seq)
    assert first_bad() == seq
    assert f"ntry {seq}" in reads.verify()[0]


def test_an_edit_with_a_leaf_that_fits_is_found_and_named(kept: Head) -> None:
    resealed(8, new='{"name":"乙"}')
    assert first_bad() == 8


def test_an_edit_with_leaf_and_tree_made_to_fit_is_found_and_named(kept: Head) -> None:
    resealed(8, new='{"name":"乙"}')
    regrown()
    assert first_bad() == 8
    assert first_bad(kept) == 8


def test_an_edit_by_the_holder_of_the_key_is_found_against_a_head_kept_elsewhere(kept: Head) -> None:
    resealed(8, new='{"name":"乙"}')
    regrown()
    resigned()
    assert reads.verify() == []
    assert "are not those" in reads.verify(kept)[0]


def test_an_edit_of_the_stored_tree_is_found(kept: Head) -> None:
    sql("UPDATE ledger_node SET hash = %s WHERE position = %s", b"0" * 32, merkle.position(2, 1))
    assert "Entries 5 to 8" in reads.verify()[0]
    sql("DELETE FROM ledger_node WHERE position = %s", merkle.position(2, 1))
    assert "Entries 5 to 8" in reads.verify()[0]


@pytest.mark.parametrize("seq", [1, 8, 20])
def test_a_dropped_entry_is_found_and_named(kept: Head, seq: int) -> None:
    sql("DELETE FROM ledger_entry WHERE seq = %s", seq)
    assert first_bad() == seq
    assert "missing" in reads.verify()[0]


def test_a_dropped_entry_with_the_others_moved_up_is_found(kept: Head) -> None:
    sql("DELETE FROM ledger_entry WHERE seq = 8")
    renumbered(-1, above=8)
    assert first_bad() == 8


def test_an_inserted_entry_is_found(kept: Head) -> None:
    renumbered(1, above=7)
    copy = Entry.objects.get(seq=7)
    copy.seq = 8
    copy.save(force_insert=True)
    resealed(8, subject="units/inserted")
    regrown()
    assert first_bad() == 8


def test_an_entry_added_at_the_end_without_the_key_is_found(kept: Head) -> None:
    copy = Entry.objects.get(seq=SIZE)
    copy.seq = SIZE + 1
    copy.save(force_insert=True)
    resealed(SIZE + 1, subject="units/added")
    regrown()
    assert first_bad() == SIZE + 1
    assert first_bad(kept) == SIZE + 1


def test_entries_with_impossible_numbers_are_found(kept: Head) -> None:
    if connection.vendor == "sqlite":
        sql("PRAGMA ignore_check_constraints = ON")
    else:
        sql("ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_seq")
    copy = Entry.objects.get(seq=5)
    copy.seq = -5
    copy.save(force_insert=True)
    if connection.vendor == "sqlite":
        sql("PRAGMA ignore_check_constraints = OFF")
    assert "impossible numbers" in reads.verify()[0]


def test_two_entries_that_changed_places_are_found(kept: Head) -> None:
    for old, new in ((7, 900), (12, 7), (900, 12)):
        sql("UPDATE ledger_entry SET seq = %s WHERE seq = %s", new, old)
    assert first_bad() == 7
    assert len([text for text in reads.verify() if "changed after" in text]) == 2


def test_entries_that_changed_places_with_leaves_made_to_fit_are_found(kept: Head) -> None:
    for old, new in ((7, 900), (12, 7), (900, 12)):
        sql("UPDATE ledger_entry SET seq = %s WHERE seq = %s", new, old)
    resealed(7)
    resealed(12)
    regrown()
    assert first_bad() == 7


@pytest.mark.parametrize("left", [0, 5, 16, SIZE - 1])
def test_entries_cut_off_at_the_end_are_found_against_a_head_kept_elsewhere(kept: Head, left: int) -> None:
    sql("DELETE FROM ledger_entry WHERE seq > %s", left)
    regrown()
    assert reads.verify() == []
    assert first_bad(kept) == left + 1
    assert f"Entries {left + 1} to {SIZE} are gone" in reads.verify(kept)[0]


def test_entries_cut_off_by_someone_who_forgot_the_tree_are_found_at_once(kept: Head) -> None:
    sql("DELETE FROM ledger_entry WHERE seq > 10")
    assert first_bad() == 11


def test_entries_cut_off_and_new_ones_written_over_are_found_against_a_head(kept: Head) -> None:
    sql("DELETE FROM ledger_entry WHERE seq > 10")
    regrown()
    for number in range(30):
        actions.record(actor=CONSOLE, verb="units.save", subject=f"units/{number}")
    assert reads.verify() == []
    assert "are not those" in reads.verify(kept)[0]


def test_a_head_holds_however_much_was_written_since(kept: Head) -> None:
    for number in range(30):
        actions.record(actor=CONSOLE, verb="units.save", subject=f"units/{number}")
        assert reads.verify(kept) == []


@pytest.mark.parametrize("change", [
    {"size": SIZE - 1}, {"root": b"0" * 32}, {"at": timedelta(seconds=1)}, {"signature": b"0" * 64},
])
def test_a_forged_head_is_told_from_a_broken_ledger(kept: Head, change: dict[str, object]) -> None:
    if "at" in change:
        change = {"at": kept.at + timedelta(seconds=1)}
    forged = dataclasses.replace(kept, **change)
    assert [fault.seq for fault in reads.faults(forged)] == [0]
    assert "not signed with this installation's key" in reads.verify(forged)[0]


def test_another_installations_ledger_is_found(kept: Head, monkeypatch: pytest.MonkeyPatch,
                                               tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    monkeypatch.setenv("ZHIXING_HOME", str(other))
    with pytest.raises(Refused, match="signing key"):
        reads.verify()
    signing_key(0)
    assert first_bad() == 1


def test_the_head_of_an_empty_ledger_is_signed_and_holds(db: None) -> None:
    empty = reads.head()
    assert empty.size == 0 and empty.root == merkle.EMPTY_ROOT
    assert reads.verify(empty) == []
    actions.record(actor=CONSOLE, verb="units.save", subject="units/1")
    assert reads.verify(empty) == []


def test_a_head_survives_paper(kept: Head) -> None:
    line = str(kept)
    assert Head.parse(line) == kept
    assert Head.parse(f" {line[:40]}\n  {line[40:]} \n") == kept


@pytest.mark.parametrize("line", ["", "21", "21:ab:20260518T143000:xx", "x" * 200])
def test_what_is_not_a_head_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="not a ledger head"):
        Head.parse(line)


def blank(seq: int, teller: int) -> None:
    sql("UPDATE ledger_entry SET subject = '', old = '', new = '', salt = NULL, redacted_by = %s "
        "WHERE seq = %s", teller, seq)


def test_a_redaction_that_nobody_told_of_is_found(kept: Head) -> None:
    blank(8, teller=20)
    assert first_bad() == 8
    sql("UPDATE ledger_entry SET redacted_by = 3 WHERE seq = 8")
    assert first_bad() == 8
    sql("UPDATE ledger_entry SET redacted_by = 900 WHERE seq = 8")
    assert first_bad() == 8


def test_a_redaction_cannot_cover_a_second_entry(kept: Head) -> None:
    told = actions.redact(8, actor=CONSOLE, reason="private")
    assert reads.verify(kept) == []
    for other in (7, 9):
        blank(other, teller=told)
    assert {fault.seq for fault in reads.faults()} == {7, 9}


@pytest.mark.parametrize("change", ["actor = 'someone'", "verb = 'units.drop'", "at = '2020-01-01 00:00:00'"])
def test_what_a_redaction_left_cannot_be_changed(kept: Head, change: str) -> None:
    actions.redact(8, actor=CONSOLE, reason="private")
    sql(f"UPDATE ledger_entry SET {change} WHERE seq = 8")
    assert first_bad() == 8


def test_the_database_refuses_half_a_redaction(kept: Head) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE ledger_entry SET salt = NULL, redacted_by = 20 WHERE seq = 8")


def test_a_quick_look_sees_the_last_entries_only(kept: Head) -> None:
    sql("UPDATE ledger_entry SET actor = 'someone' WHERE seq = 8")
    assert [fault.seq for fault in reads.faults(since=7)] == [8]
    assert reads.faults(since=8) == []
    assert reads.faults(since=SIZE) == []


def test_a_quick_look_does_not_trust_a_tree_that_was_changed(kept: Head) -> None:
    sql("UPDATE ledger_node SET hash = %s WHERE position = %s", b"0" * 32, merkle.position(4, 0))
    assert first_bad() == 16
    assert reads.faults(since=18)[0].seq == 18


def test_many_faults_are_counted_beyond_the_first_ones(kept: Head, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "LISTED", 5)
    sql("UPDATE ledger_entry SET actor = 'someone'")
    found = reads.verify()
    assert len(found) == 6
    assert "further faults" in found[-1]


def test_the_chunks_of_one_pass_join(kept: Head, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    for chunk in (1, 2, 5, SIZE):
        monkeypatch.setattr(verify, "CHUNK", chunk)
        assert reads.verify(kept, progress=lambda done, total: told.append((done, total))) == []
        assert told[-1] == (SIZE, SIZE)
    sql("DELETE FROM ledger_entry WHERE seq IN (5, 6, 7, 8, 9, 10, 11)")
    for chunk in (1, 2, 5, SIZE):
        monkeypatch.setattr(verify, "CHUNK", chunk)
        assert first_bad() == 5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.data())
def test_any_change_of_any_byte_is_found(kept: Head, drawn: st.DataObject) -> None:
    """One bit of any stored text or hash, in any entry."""
    seq = drawn.draw(st.integers(1, SIZE))
    column = drawn.draw(st.sampled_from(["actor", "verb", "subject", "old", "new", "salt", "leaf", "seal"]))
    entry = Entry.objects.get(seq=seq)
    value = getattr(entry, column)
    data = bytearray(value.encode("utf-16-le") if isinstance(value, str) else bytes(value))
    place = drawn.draw(st.integers(0, len(data) - 1))
    data[place] ^= 1 << drawn.draw(st.integers(0, 7))
    try:
        changed = data.decode("utf-16-le") if isinstance(value, str) else bytes(data)
    except UnicodeDecodeError:
        return
    if isinstance(changed, str) and "\x00" in changed:
        return
    with transaction.atomic():
        Entry.objects.filter(seq=seq).update(**{column: changed})
        assert first_bad(kept) == seq
        transaction.set_rollback(True)
