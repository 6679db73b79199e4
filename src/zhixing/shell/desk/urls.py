"""Addresses of the pages that show several rooms."""

from django.urls import path

from . import asking, burden, changes, gates, plans, records, today, views, workbook

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", today.today_page, name="today"),
    path("c/<str:code>/", views.campaign, name="campaign"),
    path("c/<str:code>/gates/", gates.gates_page, name="gates"),
    path("c/<str:code>/gates/<str:phase>/", gates.gates_page, name="gates"),
    path("c/<str:code>/gates/<str:phase>/<path:unit>/", gates.gate_page, name="gate"),
    path("c/<str:code>/ask/<str:duty>/<path:unit>/", asking.ask_page, name="ask"),
    path("c/<str:code>/requests/", asking.requests_page, name="requests"),
    path("c/<str:code>/requests/<int:number>/", asking.request_page, name="request"),
    path("c/<str:code>/targets/", plans.targets_page, name="targets"),
    path("c/<str:code>/targets/<str:duty>/<path:unit>/", plans.target_page, name="target"),
    path("c/<str:code>/burden/", burden.burden_page, name="burden"),
    path("c/<str:code>/contradictions/", views.contradictions, name="contradictions"),
    path("c/<str:code>/records/", records.tables_page, name="records"),
    path("c/<str:code>/records/<str:table>/", records.table_page, name="record-list"),
    path("c/<str:code>/records/<str:table>/<path:key>/", records.record_page, name="record"),
    path("c/<str:code>/add/<str:table>/", records.add_page, name="add"),
    path("c/<str:code>/remove/<str:table>/<path:key>/", records.remove_page, name="remove"),
    path("c/<str:code>/undo/<int:seq>/", changes.undo_page, name="undo"),
    path("c/<str:code>/codes/<str:table>/", records.codes_page, name="codes"),
    path("c/<str:code>/workbook/", workbook.out_page, name="workbook-out"),
    path("workbook/", workbook.in_page, name="workbook-in"),
    path("workbook/template/<str:pack>/", workbook.template_page, name="workbook-template"),
    path("workbook/in/<str:token>/", workbook.check_page, name="workbook-check"),
]
