"""The addresses of the accounts room alone, with the others that its pages link to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language


def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"home of {request.user.get_username()}")


urlpatterns = [
    path("", home, name="home"),
    path("workbook/", home, name="workbook-in"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("zhixing.ground.accounts.urls")),
]
