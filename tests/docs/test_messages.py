"""Every text of the interface stands in Chinese too, with its place-holders."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from tools import messages


def test_every_text_has_its_chinese() -> None:
    assert list(messages.faults(messages.gathered(), messages.known())) == []


def test_the_catalogue_keeps_no_text_that_is_gone() -> None:
    new = {message.id for message in messages.gathered()}
    assert [message.id for message in messages.known() if message.id not in new] == []


def test_texts_are_found_in_code_and_in_templates(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "a.py").write_text(
        "_('one')\nngettext('%(n)s row', '%(n)s rows', n)\npgettext('month', 'May')\n"
    )
    (tmp_path / "templates" / "a.html").write_text(
        "{% translate 'two' %}{% blocktranslate with n=x %}three {{ n }}{% endblocktranslate %}"
    )
    found = {(message.id, message.context) for message in messages.gathered(tmp_path) if message.id}
    assert found == {
        ("one", None), (("%(n)s row", "%(n)s rows"), None), ("May", "month"),
        ("two", None), ("three %(n)s", None),
    }


def test_a_missing_guessed_or_broken_translation_is_noticed() -> None:
    new = Catalog()
    for text in ("one", "two", "%(n)s rows", "four"):
        new.add(text)
    old = Catalog(locale="zh_Hans")
    old.add("two", "二", flags=["fuzzy"])
    old.add("%(n)s rows", "%(m)s 行")
    old.add("four", "四")
    assert list(messages.faults(new, old)) == [
        "not translated: 'one'", "only guessed: 'two'", "place-holders ['m', 'n'] differ: '%(n)s rows'",
    ]


def test_gathering_anew_keeps_what_was_translated() -> None:
    new = Catalog()
    new.add("one", locations=[("b.py", 3), ("a.py", 9)])
    old = Catalog(locale="zh_Hans")
    old.add("one", "一")
    old.add("gone", "去")
    whole = messages.merged(new, old)
    assert [(message.id, message.string) for message in whole if message.id] == [("one", "一")]
