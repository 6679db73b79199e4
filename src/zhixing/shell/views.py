"""The living page of pieces (development)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .look import pieces


def look(request: HttpRequest) -> HttpResponse:
    """Every piece once, for those who build pages."""
    return render(request, "look.html", pieces())
