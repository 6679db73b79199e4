"""The help: wrapped, never cut, in both languages."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click
import pytest

from zhixing.shell.cli import COMMANDS, helping, output, texts

if TYPE_CHECKING:
    from tests.conftest import Cli


def _every() -> set[str]:
    found = set()
    for name, module in COMMANDS.items():
        command = getattr(importlib.import_module(f"zhixing.shell.cli.{module}"), f"{name}_command")
        found |= {name, *(f"{name} {inner}" for inner in getattr(command, "commands", ()))}
        if isinstance(command, click.Group):
            assert isinstance(command, helping.Group), name
    return found


def test_every_command_says_what_it_does() -> None:
    assert set(helping.SUMMARIES) == _every()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("group", ["", "user", "opinions", "ledger"])
def test_help_is_wrapped_and_not_cut(cli: Cli, language: str, group: str) -> None:
    text = cli("--lang", language, *filter(None, [group]), "--help").out
    assert "..." not in text.replace("[ARGS]...", "")
    assert max(map(output.width, text.splitlines())) <= 80
    joined = re.sub(r"\s+", "", text)
    for name, summary in helping.SUMMARIES.items():
        if name.rpartition(" ")[0] == group and (language == "en"):
            assert re.sub(r"\s+", "", summary) in joined, name
    assert ("命令" in text) == (language == "zh") == ("显示本说明并退出" in text)


def _single() -> Iterator[tuple[str, click.Command]]:
    for name, module in COMMANDS.items():
        command = getattr(importlib.import_module(f"zhixing.shell.cli.{module}"), f"{name}_command")
        inner = command.commands if isinstance(command, click.Group) else {}
        yield from ((f"{name} {key}", each) for key, each in inner.items())
        if not inner:
            yield name, command


def test_what_the_commands_say_is_listed_for_translation() -> None:
    listed = {*helping.SUMMARIES.values(), *texts.PARAGRAPHS, *texts.OPTIONS, *helping.OF_GROUPS}
    said = {" ".join(each.split()) for _name, command in _single()
            for each in inspect.cleandoc(command.help or "").split("\n\n") if not each.startswith("\b")}
    said |= {each.help for _name, command in _single() for each in command.params
             if isinstance(each, click.Option) and each.help}
    assert said <= listed
    assert {*texts.PARAGRAPHS, *texts.OPTIONS} - {"Example:"} <= said, "what nobody says any more"


@pytest.mark.parametrize("name", [name for name, _command in _single()])
def test_the_help_of_a_single_command_is_in_chinese(cli: Cli, name: str) -> None:
    text = cli("--lang", "zh", *name.split(), "--help").out
    assert "用法" in text and max(map(output.width, text.splitlines())) <= 120
    for said in [*texts.PARAGRAPHS, *texts.OPTIONS, *helping.SUMMARIES.values()]:
        assert said not in " ".join(text.split())


def test_usage_errors_are_in_the_language_asked_for(cli: Cli) -> None:
    assert "错误：没有" in cli("--lang", "zh", "nothing", expect=2).err
    assert "No such command" in cli("--lang", "en", "nothing", expect=2).err


def test_chinese_lines_are_broken_by_their_width() -> None:
    lines = list(helping.wrapped("建立数据文件夹（ZHIXING_HOME）和数据库，或升级到当前版本。", 24))
    assert all(output.width(line) <= 26 for line in lines), lines  # a mark of punctuation may hang over
    assert "".join(lines) == "建立数据文件夹（ZHIXING_HOME）和数据库，或升级到当前版本。"
    assert not any(line[0] in "，。；：、）" for line in lines)
