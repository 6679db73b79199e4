"""Rules about what stands in which file: counts in outputs, rules in pages, sizes, texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .source import Source, called, imports, texts

AGGREGATES = {"Sum", "Count", "Avg", "Max", "Min", "StdDev", "Variance", "Window", "Aggregate"}
QUERIES = (
    "aggregate",
    "annotate",
    "raw",
    "cursor",
    "in_bulk",
    "values_list",
    "select_related",
    "prefetch_related",
)
SQL = re.compile(r"\b(SELECT\b.+\bFROM|INSERT\s+INTO|UPDATE\b.+\bSET|DELETE\s+FROM|GROUP\s+BY)\b", re.S)


def counts(sources: Iterable[Source]) -> list[str]:
    """Outputs do not count: each number they print is a figure. No models, no queries, no SQL; and no adding
    up or counting of what a `reads` gave."""
    faults = []
    for source in sources:
        if not source.module.startswith("zhixing.outputs."):
            continue
        own = {name.rpartition(".")[2] for name, _ in imports(source) if name.startswith("zhixing.")}
        for name, node in imports(source):
            parts = name.split(".")
            if parts[0] == "zhixing" and "models" in parts:
                faults.append(f"{source.at(node)} imports models: {name}")
            if name.startswith("django.db") and not name.startswith("django.db.transaction"):
                faults.append(f"{source.at(node)} speaks to the database: {name}")
        for text, node in texts(source.tree):
            if SQL.search(text):
                faults.append(f"{source.at(node)} holds SQL")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
                faults.append(f"{source.at(node)} queries records")
            if isinstance(node, ast.Call) and (
                (called(node) in QUERIES and isinstance(node.func, ast.Attribute))
                or called(node) in AGGREGATES - own
                or (called(node) == "count" and isinstance(node.func, ast.Attribute) and not node.args)
            ):
                faults.append(f"{source.at(node)} counts: {called(node)}()")
        faults += tallies(source)
    return faults


def tallies(source: Source) -> Iterator[str]:
    """`len`, `sum` and the like over what a `reads` gave, directly or by a name that holds it."""
    doors = {
        name.rpartition(".")[2]
        for name, _ in imports(source)
        if ".reads" in name and name.startswith("zhixing.")
    }
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in doors
    }
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        held = read_names(function, aliases)
        for node in ast.walk(function):
            counting = isinstance(node, ast.Call) and called(node) in (
                "len",
                "sum",
                "fsum",
                "Counter",
                "mean",
            )
            if counting and any(is_read(argument, aliases, held) for argument in node.args):
                yield f"{source.at(node)} counts: {called(node)}() over what reads gave"


def is_read(node: ast.AST, aliases: set[str], held: set[str]) -> bool:
    """Does the expression call one of the imported reads, or use a name that holds what one gave?"""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            root = inner.func
            while isinstance(root, ast.Attribute):
                root = root.value
            if isinstance(root, ast.Name) and root.id in aliases:
                return True
        if isinstance(inner, ast.Name) and inner.id in held:
            return True
    return False


def read_names(function: ast.FunctionDef, aliases: set[str]) -> set[str]:
    held: set[str] = set()
    while True:
        before = len(held)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and is_read(node.value, aliases, held):
                held |= {
                    name.id
                    for target in node.targets
                    for name in ast.walk(target)
                    if isinstance(name, ast.Name)
                }
        if len(held) == before:
            return held


def rules_in_pages(sources: Iterable[Source]) -> list[str]:
    """Pages, forms and `save()` decide nothing: no query, no write, no transaction in a view; no `save`,
    `delete` or `clean` of a model's own."""
    faults = []
    for source in sources:
        room = source.room
        if room is None:
            continue
        if source.inside in ("views", "api", "forms"):
            for name, node in imports(source):
                if name.startswith((f"{room.path}.models", "django.db")):
                    faults.append(f"{source.at(node)}: a page asks reads and actions, not {name}")
            for node in ast.walk(source.tree):
                if isinstance(node, ast.Attribute) and node.attr == "objects":
                    faults.append(f"{source.at(node)}: a page makes a query")
        if source.inside in ("models", "forms"):
            for node in ast.walk(source.tree):
                if isinstance(node, ast.FunctionDef) and node.name in ("save", "delete", "full_clean"):
                    faults.append(f"{source.at(node)}: a rule in {node.name}()")
    return faults


COMPARED = re.compile(r"\{%\s*(?:el)?if\b[^%]*(?:[<>]=?)\s*-?\d", re.S)


def rules_in_templates(templates: dict[str, str]) -> list[str]:
    """A template compares nothing with a threshold and does no sums."""
    return [
        f"{name}: a threshold in a template" for name, text in templates.items() if COMPARED.search(text)
    ] + [f"{name}: sums in a template" for name, text in templates.items() if re.search(r"\|\s*add:", text)]


def sizes(files: Iterable[Path], base: Path) -> list[str]:
    """Python files end at 500 lines (tests 600), templates at 150."""
    faults = []
    for path in files:
        relative = path.relative_to(base)
        limit = 150 if path.suffix == ".html" else 600 if relative.parts[0] == "tests" else 500
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > limit:
            faults.append(f"{relative}: {lines} lines, the end is {limit}")
    return faults


def long_functions(sources: Iterable[Source], limit: int = 50) -> list[str]:
    """Functions of more than `limit` lines, the docstring not counted."""
    faults = []
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                lines = (node.end_lineno or 0) - first.lineno + 1 + (first is node.body[0])
                if lines > limit:
                    faults.append(f"{source.at(node)} {node.name} has {lines} lines, the end is {limit}")
    return faults


TRANSLATORS = (
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "gettext_noop",
)
UNNAMED = re.compile(r"(?<!%)%(?:%%)*[sdrif]|\{\}|\{[0-9]")


def unnamed_placeholders(sources: Iterable[Source]) -> list[str]:
    """Texts for translation whose place-holders have no name, or that are put together before translation."""
    faults = []
    for source in sources:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or called(node) not in TRANSLATORS:
                continue
            for argument in node.args:
                if isinstance(argument, ast.JoinedStr | ast.BinOp):
                    faults.append(f"{source.at(node)}: a text is put together before it is translated")
                elif isinstance(argument, ast.Constant) and UNNAMED.search(str(argument.value)):
                    faults.append(f"{source.at(node)}: a place-holder without a name in {argument.value!r}")
    return faults


MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|Users|opt/pypi|opt/wheels)/[\w.]|(?<![\w.])/home/[a-z]|/tmp/zx\b|[A-Z]:\\\\?Users"
)
HOST = re.compile(r"https?://([A-Za-z0-9.-]+)")
KNOWN_HOSTS = (
    "127.0.0.1",
    "localhost",
    "example.org",
    "example.com",
    "example.edu",
    "www.w3.org",
    "www.apache.org",
    "keepachangelog.com",
    "semver.org",
    "schemas.openxmlformats.org",
    "schemas.microsoft.com",
    "purl.org",
    "testserver", "github.com",
    ".example",
    ".invalid",
)


def machine_traces(files: dict[str, str]) -> list[str]:
    """Paths and addresses of somebody's machine, and hosts that the product has no business with."""
    faults = []
    for name, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line):
                faults.append(f"{name}:{number} holds a path of one machine")
            for host in HOST.findall(line):
                if not host.endswith(KNOWN_HOSTS):
                    faults.append(f"{name}:{number} names the host {host}")
    return faults


SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
PERSON = rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
ROLL = re.compile(rf"(?<![\u4e00-\u9fff]){PERSON}(?:\s*[、,，;；]\s*{PERSON}(?![\u4e00-\u9fff])){{3,}}")


def rolls_of_names(files: dict[str, str]) -> list[str]:
    """Lists of what look like real people's names: four or more in a row."""
    return [f"{name}: {found.group()[:40]}" for name, text in files.items() for found in ROLL.finditer(text)]
