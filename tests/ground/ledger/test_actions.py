from __future__ import annotations

import json
import threading
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from zhixing.ground.kernel import merkle
from zhixing.ground.kernel.errors import NotFound, Refused
from zhixing.ground.kernel.types import CONSOLE, Actor
from zhixing.ground.ledger import actions, reads
from zhixing.ground.ledger.models import Entry, Node

OFFICE = Actor("person", "office")

pytestmark = pytest.mark.usefixtures("english")


def write(number: int, actor: Actor = OFFICE) -> None:
    for _ in range(number):
        actions.record(actor=actor, verb="units.save", subject="units/B", new={"name": "某局"})


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_record_from_what_to_what(clock: datetime) -> None:
    seq = actions.record(actor=OFFICE, verb="units.save", subject="units/B", programme_id=7,
                         old={"name": "旧名"},
                         new={"name": "新名", "on": date(2026, 5, 18), "n": Decimal("1.50")})
    entry, = reads.entries()
    assert (entry.seq, entry.at, entry.actor_kind, entry.actor) == (seq, clock, "person", "office")
    assert (entry.verb, entry.subject, entry.programme_id) == ("units.save", "units/B", 7)
    assert entry.old == {"name": "旧名"}
    assert entry.new == {"name": "新名", "on": "2026-05-18", "n": "1.5"}


@pytest.mark.django_db
def test_numbers_follow_one_another_and_the_size_is_the_last() -> None:
    assert reads.size() == 0
    write(3)
    assert reads.size() == 3
    assert [entry.seq for entry in reads.entries()] == [3, 2, 1]


@pytest.mark.django_db
def test_a_bulk_write_is_one_entry_with_its_counts_and_root() -> None:
    root = merkle.root_of([b"row 1", b"row 2"]).hex()
    actions.record_bulk(actor=CONSOLE, verb="workbook.import", table="people", created=2, updated=1,
                        unchanged=4, root=root, programme_id=3)
    entry, = reads.entries(programme_id=3)
    assert (entry.actor, entry.subject) == ("console", "people")
    assert entry.new == {"created": 2, "updated": 1, "unchanged": 4, "root": root}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        write(1)
    assert reads.size() == 0


@pytest.mark.django_db(transaction=True)
def test_an_entry_falls_with_the_write_it_tells_of() -> None:
    with transaction.atomic():
        write(2)
    with pytest.raises(KeyError), transaction.atomic():
        write(1)
        raise KeyError
    with transaction.atomic():
        write(1)
    assert reads.size() == 3
    assert reads.verify() == []


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_wait_for_one_another() -> None:
    failures: list[BaseException] = []

    def writer(name: str) -> None:
        try:
            for _ in range(10):
                with transaction.atomic():
                    write(2, Actor("person", name))
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 81))
    assert reads.verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize("words", [
    {"verb": ""}, {"subject": "x" * 256}, {"actor": Actor("person", "")}, {"new": {"a": float("nan")}},
    {"new": {"a": object()}}, {"old": {"a": "\ud800"}},
])
def test_what_cannot_be_written_down_is_refused(words: dict[str, object]) -> None:
    whole: dict[str, Any] = {"actor": OFFICE, "verb": "units.save", "subject": "units/B"} | words
    with pytest.raises((ValueError, TypeError)):
        actions.record(**whole)
    assert reads.size() == 0


@pytest.mark.django_db
def test_an_append_costs_a_few_queries_however_long_the_ledger(django_assert_max_num_queries: Any) -> None:
    write(63)
    with django_assert_max_num_queries(5):
        write(1)


@pytest.mark.django_db
def test_the_stored_hashes_give_proofs() -> None:
    write(13)
    leaf = bytes(Entry.objects.get(seq=6).leaf)
    path = merkle.inclusion_proof(5, 13, reads.node)
    assert merkle.included(leaf, 5, 13, path, reads.head().root)
    older = merkle.range_root(0, 9, reads.node)
    proof = merkle.consistency_proof(9, 13, reads.node)
    assert merkle.consistent(9, 13, older, reads.head().root, proof)


@pytest.mark.django_db
def test_a_ledger_whose_key_is_gone_takes_no_entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write(1)
    monkeypatch.setenv("ZHIXING_HOME", str(tmp_path))
    with pytest.raises(Refused, match="signing key"):
        write(1)
    assert not (tmp_path / "keys").exists()


@pytest.mark.django_db
def test_a_ledger_whose_tree_is_damaged_takes_no_entry() -> None:
    write(2)
    Node.objects.all().delete()
    with pytest.raises(Refused, match="damaged"):
        write(1)


@pytest.mark.django_db
def test_entries_can_be_asked_by_record_actor_verb_and_page() -> None:
    write(3)
    actions.record(actor=CONSOLE, verb="people.save", subject="people/1", programme_id=2)
    assert [entry.seq for entry in reads.entries(subject="people/1")] == [4]
    assert [entry.seq for entry in reads.entries(actor="office", limit=2)] == [3, 2]
    assert [entry.seq for entry in reads.entries(verb="units.save", before=3)] == [2, 1]
    assert [entry.seq for entry in reads.entries(programme_id=2)] == [4]


@pytest.mark.django_db
def test_a_redaction_takes_the_contents_and_every_head_still_holds() -> None:
    write(5)
    before = reads.head()
    told = actions.redact(3, actor=CONSOLE, reason="a private telephone number")
    entry = Entry.objects.get(seq=3)
    assert (entry.subject, entry.old, entry.new, entry.salt) == ("", "", "", None)
    assert reads.verify(before) == []
    teller, = reads.entries(verb="ledger.redact")
    assert (teller.seq, teller.subject, teller.new) == (told, "3", {"reason": "a private telephone number"})
    assert "某局" not in json.dumps(dict(teller.old), ensure_ascii=False)


@pytest.mark.django_db
def test_a_redacted_entry_can_be_proved_by_whoever_kept_its_words() -> None:
    write(5)
    entry = Entry.objects.get(seq=3)
    words, salt = entry.written(), bytes(entry.salt or b"")
    actions.redact(3, actor=CONSOLE, reason="private")
    path = merkle.inclusion_proof(2, 6, reads.node)
    assert merkle.included(words.leaf(salt), 2, 6, path, reads.head().root)


@pytest.mark.django_db
def test_a_redaction_needs_a_reason_and_an_entry_and_happens_once() -> None:
    write(1)
    with pytest.raises(Refused, match="reason"):
        actions.redact(1, actor=CONSOLE, reason=" ")
    with pytest.raises(NotFound):
        actions.redact(9, actor=CONSOLE, reason="private")
    told = actions.redact(1, actor=CONSOLE, reason="private")
    for seq in (1, told):
        with pytest.raises(Refused, match="already"):
            actions.redact(seq, actor=CONSOLE, reason="private")
