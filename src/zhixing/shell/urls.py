"""Every address of the site: the shell's own, and those of the rooms of `outputs` that have pages."""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from zhixing.rooms import ROOMS

from . import views

handler500 = "zhixing.shell.incidents.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("zhixing.ground.accounts.urls")),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("zhixing.shell.desk.urls")),
    *(
        path("c/<str:code>/", include(f"{room.path}.urls"))
        for room in ROOMS
        if room.layer == "outputs" and find_spec(f"{room.path}.urls")
    ),
]
if settings.DEBUG:
    urlpatterns.append(path("look/", views.look, name="look"))
