"""The pages of papers: who may see them, what stands on them, and the files they give."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from docx import Document

from tests.books import scope
from tests.outputs.documents.book import told
from zhixing.flow.campaigns.models import Remark
from zhixing.ground.accounts.models import Grant
from zhixing.ground.figures.models import FrozenFigure
from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.units import reads as units
from zhixing.outputs.documents import actions, reads

pytestmark = pytest.mark.django_db
SUMMARY = "/c/C/papers/stage-summary/"


def signed_in(role: str, unit: str, programme: int) -> Client:
    user = User.objects.create_user(f"{role}-{unit}")
    Grant.objects.create(user=user, role=role, unit_id=units.unit(unit).id, programme_id=programme)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.content.decode()


def test_a_stranger_is_sent_to_sign_in_and_learns_nothing(tmp_path: Path) -> None:
    told(tmp_path)
    assert Client().get(SUMMARY).status_code == 302
    user = User.objects.create_user("stranger")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "动员大会" not in page(client, SUMMARY, 404)


def test_the_list_names_the_kinds_and_what_was_made(tmp_path: Path) -> None:
    programme = told(tmp_path)
    client = signed_in("office", "b", programme)
    assert "阶段小结" in page(client, "/c/C/papers/") and "实施方案" in page(client, "/c/C/papers/")
    draft = actions.draft("stage_summary", scope(programme, "2026-05-31"), "P1", actor=CONSOLE)
    assert draft.title in page(client, "/c/C/papers/")


def test_the_draft_on_the_screen_has_its_numbers_as_links_and_keeps_nothing(tmp_path: Path) -> None:
    programme = told(tmp_path)
    shown = page(signed_in("office", "b", programme), f"{SUMMARY}?phase=P1&as_of=2026-05-31")
    assert 'href="/c/C/figures/activities.held/?unit=b&amp;as_of=2026-05-31&amp;kind=mobilisation' in shown
    assert "80余人次" in shown and not FrozenFigure.objects.exists()


def test_every_link_of_the_draft_opens_its_figure(tmp_path: Path) -> None:
    programme = told(tmp_path)
    client = signed_in("office", "b", programme)
    draft = actions.draft("stage_summary", scope(programme, "2026-05-31"), "P1", actor=CONSOLE)
    for number in draft.numbers:
        answer = client.get(number.url.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200, number.url
        if number.measure not in ("share", "score"):
            shown = re.search(r'data-value="([\d.]+)"', answer.content.decode())
            assert shown is not None and Decimal(shown[1]) == number.value, number.url


def test_contradictions_stand_beside_the_draft(tmp_path: Path) -> None:
    batch = "code,channel,title,unit,issued_on,issued,returned_on,returned\n" \
            "F1,CF,征求意见表,b,2026-03-15,80,2026-03-20,103"
    programme = told(tmp_path, form_batches=batch)
    shown = page(signed_in("office", "b", programme), f"{SUMMARY}?phase=P1&as_of=2026-05-31")
    assert 'data-lint="returned_exceeds_issued"' in shown and "/c/C/records/form_batches/F1/" in shown


def test_the_file_comes_as_word_with_frozen_numbers(tmp_path: Path) -> None:
    programme = told(tmp_path)
    client = signed_in("office", "b", programme)
    answer = client.post(SUMMARY, {"phase": "P1", "as_of": "2026-05-31", "ending": ".docx"})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    words = "".join(each.text for each in Document(io.BytesIO(answer.content)).paragraphs)
    assert "2个单位召开动员大会2次" in words and FrozenFigure.objects.exists()


def test_a_summary_without_problems_says_what_to_do_and_is_made_with_a_reason(tmp_path: Path) -> None:
    programme = told(tmp_path, remarks="code,unit,phase,kind,text\nR1,b,P1,practice,做了")
    client = signed_in("office", "b", programme)
    sent = {"phase": "P1", "as_of": "2026-05-31", "ending": ".html"}
    refused = client.post(SUMMARY, sent)
    assert refused.status_code == 409 and 'role="alert"' in refused.content.decode()
    assert "/c/C/add/remarks/" in refused.content.decode() and not FrozenFigure.objects.exists()
    made = client.post(SUMMARY, {**sent, "because": "正在梳理"})
    assert made.status_code == 200 and "理由：正在梳理" in made.content.decode()


def test_a_viewer_reads_the_draft_but_makes_no_file(tmp_path: Path) -> None:
    programme = told(tmp_path)
    client = signed_in("viewer", "b", programme)
    assert 'value=".docx"' not in page(client, f"{SUMMARY}?phase=P1")
    answer = client.post(SUMMARY, {"phase": "P1", "as_of": "2026-05-31", "ending": ".docx"})
    assert answer.status_code in (403, 409) and not FrozenFigure.objects.exists()


def test_a_school_stands_on_its_own_and_does_not_see_another(tmp_path: Path) -> None:
    programme = told(tmp_path)
    client = signed_in("secretary", "s1", programme)
    assert "我校的问题" in page(client, f"{SUMMARY}?phase=P1&as_of=2026-05-31")
    page(client, f"{SUMMARY}?phase=P1&unit=s2", 404)
    page(client, f"{SUMMARY}?phase=P1&unit=b", 404)


def test_a_paper_shows_what_has_changed_since(tmp_path: Path) -> None:
    programme = told(tmp_path)
    actions.draft("stage_summary", scope(programme, "2026-05-31"), "P1", actor=CONSOLE)
    seq = reads.papers(programme, CONSOLE)[0].seq
    client = signed_in("office", "b", programme)
    assert page(client, f"/c/C/papers/{seq}/").count("<table") == 1
    told(tmp_path, activities="""
        code,kind,title,unit,phase,starts_at,roster,headcount
        M9,mobilisation,动员大会,s2,P1,2026-03-05T09:00,,12""")
    shown = page(client, f"/c/C/papers/{seq}/")
    assert shown.count("<table") == 2 and "M9" in shown
    page(signed_in("secretary", "s1", programme), f"/c/C/papers/{seq}/", 404)
    page(client, "/c/C/papers/999999/", 404)


def test_what_an_address_gets_wrong_is_said(tmp_path: Path) -> None:
    client = signed_in("office", "b", told(tmp_path))
    page(client, "/c/C/papers/poem/", 404)
    page(client, f"{SUMMARY}?phase=P9", 404)
    page(client, f"{SUMMARY}?phase=P1&outline=nowhere", 409)
    page(client, f"{SUMMARY}?phase=P1&as_of=31-05-2026", 409)


def test_a_remark_is_printed_as_text_whatever_it_holds(tmp_path: Path) -> None:
    programme = told(tmp_path)
    Remark.objects.filter(programme=programme, code="R2").update(text="<script>alert(1)</script>{n}[x]")
    client = signed_in("office", "b", programme)
    shown = page(client, f"{SUMMARY}?phase=P1&as_of=2026-05-31")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{n}[x]" in shown and "<script>alert" not in shown
    made = client.post(SUMMARY, {"phase": "P1", "as_of": "2026-05-31", "ending": ".html"})
    assert "<script>alert" not in made.content.decode()
    assert date(2026, 5, 31).isoformat() in made.content.decode()


@pytest.mark.parametrize(("word", "told_back"), [("a1b2", True), ("", False), ("x; path=/", False), ("A" * 40, False)])
def test_the_page_learns_that_its_file_has_come(tmp_path: Path, word: str, told_back: bool) -> None:
    client = signed_in("office", "b", told(tmp_path))
    answer = client.post(SUMMARY, {"phase": "P1", "ending": ".docx", "told": word})
    assert answer.status_code == 200
    assert list(answer.cookies) == ([f"made-{word}"] if told_back else [])


def test_a_paper_that_is_not_made_tells_nothing_back(tmp_path: Path) -> None:
    client = signed_in("office", "b", told(tmp_path))
    answer = client.post(SUMMARY, {"phase": "P1", "ending": ".txt", "told": "a1b2"})
    assert answer.status_code == 409
    assert "made-a1b2" not in answer.cookies
