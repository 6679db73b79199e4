"""The findings of `copies` as one page that needs no network: both texts side by side, what they share marked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from zhixing.ground.text.copying import Copies, Document, Pair

AROUND = 60
"""Characters shown before and behind a passage."""
HOW = {
    "exact": "word for word", "figures": "names and figures changed",
    "reordered": "in another order", "reworded": "in other words",
}
KIND = {"copy": "two authors", "own": "the author's own earlier text", "source": "from a template or the superior"}
_STYLE = """body{font:16px/1.6 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:1rem}@media(max-width:45rem){.two{grid-template-columns:1fr}}
.two>div{border:1px solid #ccc;padding:.6rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere}
mark{background:#ffe79a}small{color:#555}"""


def _shown(text: str, start: int, end: int) -> str:
    before, behind = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"…{escape(before)}<mark>{escape(text[start:end])}</mark>{escape(behind)}…"


def _pair(pair: Pair, texts: Mapping[str, str]) -> str:
    first = f"; the earlier one is {escape(pair.first)}" if pair.first else ""
    parts = [
        f"<h2>{escape(pair.a)} · {escape(pair.b)}</h2>"
        f"<p>{pair.share:.0%} of the shorter text; {KIND[pair.kind]}{first}.</p>"
    ]
    for passage in pair.passages:
        left = _shown(texts[pair.a], passage.a_start, passage.a_end)
        right = _shown(texts[pair.b], passage.b_start, passage.b_end)
        parts.append(f"<p><small>{HOW[passage.how]}</small></p>")
        parts.append(f"<div class=two><div>{left}</div><div>{right}</div></div>")
    return "\n".join(parts)


def page(found: Copies, documents: list[Document]) -> str:
    """One HTML document. Every text is escaped."""
    texts = {document.id: document.text for document in documents}
    body = ["<h1>Passages that stand elsewhere too</h1><p>Hints for people to judge; no verdict.</p>"]
    for shared in found.shared:
        names = ", ".join(escape(name) for name, _, _ in shared.places)
        body.append(
            f"<h2>Shared by {shared.documents}</h2><p>{names}</p><blockquote>{escape(shared.text)}</blockquote>"
        )
    body += [_pair(pair, texts) for pair in sorted(found.pairs, key=lambda pair: (-pair.share, pair.a, pair.b))]
    if len(body) == 1:
        body.append("<p>None found.</p>")
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Copied passages</title>"
        f"<style>{_STYLE}</style>{''.join(body)}</html>\n"
    )
