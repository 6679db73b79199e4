"""A violation of each rule about what stands in which file, planted in a made-up file, is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import habits
from .source import Source


def planted(module: str, text: str) -> list[Source]:
    return [Source(module, text)]


@pytest.mark.parametrize(
    "text",
    [
        "from zhixing.flow.study.models import Topic",
        "from zhixing.flow.study import models",
        "from django.db import connection",
        "from django.db.models import Sum",
        "def number(shelf):\n    return shelf.topics.count()",
        "def number(shelf):\n    return shelf.aggregate(n=1)",
        "def number(shelf):\n    return shelf.annotate(n=1)",
        "def number(Topic):\n    return Topic.objects.all()",
        "def number(database):\n    return database.execute('SELECT count(*) FROM study_topic')",
        "from zhixing.flow.study import reads\ndef number():\n    return len(reads.topics(1))",
        "from zhixing.flow.study import reads as study\ndef number():\n    return len(study.topics(1))",
        "from zhixing.flow.study.reads import topics\ndef number():\n    x = topics(1)\n    return len(x)",
        "from zhixing.flow.study import reads\ndef number():\n    return sum(1 for topic in reads.topics(1))",
        "from zhixing.flow.study import reads\ndef number():\n    x = [*reads.topics(1)]\n    return len(x)",
    ],
)
def test_a_count_in_documents_is_found(text: str) -> None:
    assert habits.counts(planted("zhixing.outputs.documents.kinds.summary", text))


@pytest.mark.parametrize(
    "text",
    [
        "def width(title):\n    return len(title)",
        "def commas(text):\n    return text.count('、')",
        "from zhixing.ground.figures import reads\ndef printed(ask):\n    return reads.value(ask).text",
    ],
)
def test_measuring_paper_and_printing_figures_is_allowed(text: str) -> None:
    assert habits.counts(planted("zhixing.outputs.documents.kinds.summary", text)) == []


def test_a_count_is_nobodys_business_but_the_rooms() -> None:
    assert habits.counts(planted("zhixing.flow.study.reads", "from django.db.models import Sum")) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("zhixing.flow.issues.views", "from . import models"),
        ("zhixing.flow.issues.views", "from django.db import transaction"),
        (
            "zhixing.flow.issues.views",
            "def page(request, Issue):\n    return Issue.objects.filter(open=True)",
        ),
        ("zhixing.flow.issues.models", "class Issue:\n    def save(self):\n        self.state = 'closed'"),
        ("zhixing.flow.issues.forms", "class IssueForm:\n    def save(self):\n        pass"),
    ],
)
def test_a_rule_in_a_page_or_a_save_is_found(module: str, text: str) -> None:
    assert habits.rules_in_pages(planted(module, text))


@pytest.mark.parametrize(
    "text",
    [
        "{% if rate >= 98 %}good{% endif %}",
        "{% if a %}{% elif issue.days > 30 %}late{% endif %}",
        "{{ a|add:b }}",
    ],
)
def test_a_threshold_or_a_sum_in_a_template_is_found(text: str) -> None:
    assert habits.rules_in_templates({"page.html": text})


def test_a_plain_template_is_allowed() -> None:
    plain = '{% if state == "met" %}{{ value }}{% endif %}<p>1 > 0</p>{% if page.next %}{% endif %}'
    assert habits.rules_in_templates({"page.html": plain}) == []


@pytest.mark.parametrize(
    ("name", "lines", "kept"),
    [
        ("src/a.py", 500, True),
        ("src/a.py", 501, False),
        ("tests/a.py", 600, True),
        ("tests/a.py", 601, False),
        ("src/a.html", 150, True),
        ("src/a.html", 151, False),
    ],
)
def test_a_file_without_end_is_found(tmp_path: Path, name: str, lines: int, kept: bool) -> None:
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text("\n" * lines)
    assert (habits.sizes([path], tmp_path) == []) is kept


def test_a_function_without_end_is_found() -> None:
    body = "    x = 1\n"
    assert habits.long_functions(planted("zhixing.flow.issues.rules", "def f():\n" + body * 51))
    assert not habits.long_functions(planted("zhixing.flow.issues.rules", "def f():\n" + body * 49))


@pytest.mark.parametrize(
    "text",
    [
        '_("%s rows")',
        '_("{} rows")',
        '_(f"{n} rows")',
        '_("a" + b)',
        'ngettext("%d row", "%d rows", n)',
        '_("%s" % a)',
    ],
)
def test_a_placeholder_without_a_name_is_found(text: str) -> None:
    assert habits.unnamed_placeholders(planted("zhixing.flow.issues.rules", text))


@pytest.mark.parametrize(
    "text", ['_("%(n)s rows")', '_("100 %% of it")', '_("%(n)d rows") % {"n": 1}', 'f("%s")']
)
def test_a_named_placeholder_is_allowed(text: str) -> None:
    assert habits.unnamed_placeholders(planted("zhixing.flow.issues.rules", text)) == []


@pytest.mark.parametrize(
    "text", ["see /work/main/x", "open('/root/x')", "/home/someone/x", "get http://files.somewhere.net/x"]
)
def test_a_trace_of_a_machine_is_found(text: str) -> None:
    assert habits.machine_traces({"a.md": text})


def test_an_address_of_the_product_itself_is_allowed() -> None:
    assert (
        habits.machine_traces({"a.md": "http://127.0.0.1:8000/work/ and src/work/x and https://example.org"})
        == []
    )


def test_a_roll_of_names_is_found() -> None:
    assert habits.rolls_of_names({"a.csv": "参加：" + "、".join(["张三", "李四", "王五", "赵六"])})
    assert habits.rolls_of_names({"a.md": "领导小组、办公室、督导组、中心组"}) == []
