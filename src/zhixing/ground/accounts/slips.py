"""The printed slips: a page of HTML that needs nothing else, A4, eight slips to cut out of each page."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import segno
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from .types import Slip

PER_PAGE = 8


def slips_page(slips: Sequence[Slip], *, address: str, campaign_name: str) -> str:
    """Only slips with a code are printed. The square leads to the sign-in page with the name filled in; the
    code is on paper alone."""
    printed = [(slip, _square(f"{address}?{urlencode({'name': slip.user})}")) for slip in slips if slip.code]
    pages = [printed[at:at + PER_PAGE] for at in range(0, len(printed), PER_PAGE)]
    return render_to_string("accounts/slips.html",
                            {"pages": pages, "address": address, "campaign": campaign_name})


def _square(text: str) -> str:
    """The QR code as SVG without a size of its own, so that it fills the place it is given; its text is ours, and segno
    writes nothing but a path."""
    return mark_safe(segno.make(text, error="m").svg_inline(border=2, svgclass=None, lineclass=None, omitsize=True))
