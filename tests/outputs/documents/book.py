"""A small campaign with something to tell in its first phase."""

from __future__ import annotations

from pathlib import Path

from tests.books import bring_in

BOOK = {
    "activities": """
        code,kind,title,unit,phase,starts_at,roster,headcount
        M1,mobilisation,动员大会,b,P1,2026-03-02T09:00,unit,
        M2,mobilisation,动员大会,s1,P1,2026-03-03T09:00,unit,
        G1,group_study,集中学习,b,P1,2026-03-09,unit,
        L1,lecture,辅导报告,b,P1,2026-03-10,,>=80
        X1,visit,走访,b,P1,2026-06-20,,9""",
    "attendance": "activity,person,status\nG1,t3,absent",
    "channels": "code,kind,name,unit\nCF,form,征求意见表,b",
    "form_batches": "code,channel,title,unit,issued_on,issued,returned_on,returned\n"
                    "F1,CF,征求意见表,b,2026-03-15,>=90,2026-03-20,60",
    "duties": "code,phase,name,figure,where,at_least,due_on\n"
              "D1,P1,召开动员大会,activities.held,kind=mobilisation,1,2026-03-31",
    "remarks": """
        code,unit,phase,kind,text,evidence
        R1,b,P1,practice,领导带头宣讲,M1
        R2,b,P1,practice,坚持学用结合,
        R3,b,P1,problem,时间紧、任务重,
        R4,b,P1,problem,学习不够深入。,
        R5,b,P1,next_step,抓紧整改,
        R6,s1,P1,problem,我校的问题,""",
    "stated_facts": "code,name,value,measure,source,on\nrank,信息报送全区排名,3,名次,区委通报,2026-05-20\n"
                    "later,六月的事,5,次,区委通报,2026-06-20",
}


def told(tmp_path: Path, **tables: str) -> int:
    """Imports the campaign, with these tables instead of its own; the programme's id."""
    return bring_in(tmp_path, **{**BOOK, **tables})
