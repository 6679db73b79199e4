"""Addresses of the papers, below `/c/CODE/`."""

from django.urls import path

from . import views

urlpatterns = [
    path("papers/", views.papers_page, name="papers"),
    path("papers/<int:seq>/", views.kept_page, name="paper-kept"),
    path("papers/<str:kind>/", views.paper_page, name="paper"),
]
