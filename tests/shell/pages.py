"""What the tests of pages share: the cast's campaign with some records, and a client per account."""

from __future__ import annotations

import textwrap
from pathlib import Path

from django.contrib.auth.models import User
from django.test import Client

from zhixing.ground.kernel.types import CONSOLE
from zhixing.ground.workbook.actions import import_workbook

TABLES = {
    "phases": """
        code,name,order,starts_on,ends_on
        PH1,Listening,1,2026-03-01,2026-05-31
        PH2,Review,2,2026-06-01,2026-12-31""",
    "activities": """
        code,kind,title,unit,phase,starts_at,roster,headcount
        A1,mobilisation,Kick-off at the bureau,B,PH1,2026-03-05T09:00,,80
        A2,mobilisation,Kick-off at School 1,N1,PH1,2026-03-12T14:30,unit,
        A3,group_study,First study,N1,PH1,2026-04-02,unit,
        A4,group_study,Second study,S1,PH1,2026-04-03,,>=20
        A5,visit,A look round,N2,PH1,2026-04-05,,""",
    "attendance": """
        activity,person,status
        A2,N1-2,absent""",
    "duties": """
        code,phase,name,figure,where,at_least,due_on,applies_to
        D1,PH1,Hold the kick-off,activities.held,kind=mobilisation,1,2026-03-31,
        D2,PH1,Study twice,activities.held,kind=group_study,2,2026-08-31,school""",
    "waivers": """
        duty,unit,reason,by,on
        D1,S2,Being merged,B,2026-03-20""",
    "channels": "code,kind,name,unit\nBOX,box,The box,B",
    "form_batches": """
        code,channel,title,unit,issued_on,issued,returned_on,returned
        F1,BOX,Forms of the north,N,2026-04-01,80,2026-04-20,103""",
    "opinions": "code,channel,received_on,unit,text\nO1,BOX,2026-04-10,N1,Too many forms",
}


def bring_in(folder: Path, **tables: str) -> None:
    """These tables of the cast's campaign."""
    folder.mkdir(exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(textwrap.dedent(text).strip() + "\n", encoding="utf-8")
    import_workbook(folder, actor=CONSOLE, campaign="P1")


def signed_in(name: str, language: str = "en") -> Client:
    """A browser of this account, which asks for the language."""
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client
