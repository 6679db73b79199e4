"""The search index finds the same rows as looking for the letters in the text."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhixing.ground.text.search import fts5_query, index_text, postgres_query


def found(texts: list[str], question: str) -> list[int]:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61')")
        database.executemany("INSERT INTO t(rowid, x) VALUES (?, ?)", enumerate(map(index_text, texts)))
        query = fts5_query(question)
        return [row for (row,) in database.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", [query])]


@pytest.mark.parametrize("question", ["路灯", "灯不", "不亮了", "亮", "小区路灯", "Ｌamp", "lam", "路灯 小区"])
def test_the_same_rows_as_a_substring_search(question: str) -> None:
    texts = ["小区路灯不亮了", "路，灯", "路燈不亮", "no lamp here", "小区的路灯", "不亮", ""]
    parts = question.replace("Ｌ", "l").split()
    plain = [text.replace("燈", "灯") for text in texts]
    assert found(texts, question) == [n for n, text in enumerate(plain) if all(part in text for part in parts)]


def test_a_question_without_letters_asks_nothing() -> None:
    assert fts5_query("，。 !") == postgres_query("") == ""


def test_signs_of_the_query_language_are_not_understood() -> None:
    assert found(["或 and 与"], '"与" OR x*') == []
    assert postgres_query("路灯'; & | !x") == "('路灯') & 'x':*"


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.text("甲乙丙丁，", max_size=8), min_size=1, max_size=6), st.text("甲乙丙丁", min_size=1, max_size=4))
def test_any_chinese_question_finds_what_holds_it(texts: list[str], question: str) -> None:
    assert found(texts, question) == [n for n, text in enumerate(texts) if question in text]
