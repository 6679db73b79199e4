"""The command line's language: `--lang` before or after the command, else what the environment says."""

from __future__ import annotations

import pytest

from zhixing.shell.cli import _lang_first
from zhixing.shell.cli.setup import language


@pytest.mark.parametrize(("typed", "given"), [
    (["lint", "C", "--lang", "zh"], ["--lang", "zh", "lint", "C"]),
    (["lint", "--lang=zh", "C"], ["--lang=zh", "lint", "C"]),
    (["--lang", "en", "lint"], ["--lang", "en", "lint"]),
    (["collate", "--", "--lang"], ["collate", "--", "--lang"]),
    (["lint", "C"], ["lint", "C"]),
])
def test_the_language_may_be_said_after_the_command(typed: list[str], given: list[str]) -> None:
    assert _lang_first(typed) == given


@pytest.mark.parametrize(("said", "spoken"), [
    ({"LC_ALL": "zh_CN.UTF-8"}, "zh-hans"), ({"LANG": "zh_CN"}, "zh-hans"), ({"LANG": "en_GB.UTF-8"}, "en"),
    ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh-hans"), ({"LC_ALL": "C.UTF-8", "LANGUAGE": "zh"}, "en"),
    ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"), ({"ZHIXING_LANG": "en", "LANG": "zh_CN"}, "en"),
])
def test_the_environments_words_count_where_the_locale_was_never_generated(
        monkeypatch: pytest.MonkeyPatch, said: dict[str, str], spoken: str) -> None:
    for name in ("ZHIXING_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert language() == spoken
