"""Addresses of the boards, below `/c/CODE/`."""

from django.urls import path

from . import views

urlpatterns = [
    path("figures/", views.figures_page, name="figures"),
    path("figures/<str:name>/", views.figure_page, name="figure"),
    path("duties/<str:duty>/", views.duty_page, name="duty"),
    path("duties/<str:duty>/<path:unit>/", views.duty_unit_page, name="duty-unit"),
]
