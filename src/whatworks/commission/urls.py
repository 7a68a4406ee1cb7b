"""Addresses of calls for everybody, of applications for their authors, and of the work on them."""

from django.urls import path, re_path

from whatworks.commission import views, views_applying, views_assessing, views_awards, views_deciding, views_work

urlpatterns = [
    path("calls/", views.calls, name="calls"),
    path("calls/awards.csv", views.awards_csv, name="awards_csv"),
    path("calls/awards.json", views.awards_json, name="awards_json"),
    path("calls/<slug:slug>/", views.call, name="call"),
    path("calls/<slug:slug>/rules-<int:number>.toml", views.rules_file, name="call_rules"),
    path("calls/<slug:slug>/lot.json", views.lot_file, name="call_lot"),
    path("calls/<slug:slug>/apply/", views_applying.apply, name="call_apply"),
    re_path(
        r"^awards/(?P<identifier>[a-z0-9-]+)/summary\.(?P<form>pdf|docx)$", views.summary_file, name="award_summary"
    ),
    path("applications/", views_applying.mine, name="applications"),
    path("applications/join/<str:secret>/", views_applying.join, name="application_join"),
    path("applications/<str:identifier>/", views_applying.application, name="application"),
    path("applications/<str:identifier>/files/<str:attachment>/", views_applying.own_file, name="application_file"),
    path("workspace/calls/", views_work.work, name="calls_work"),
    path("workspace/calls/lots/", views_work.custody, name="lots_work"),
    path("workspace/calls/open/", views_work.open_call, name="call_open"),
    path("workspace/calls/<slug:slug>/", views_work.run, name="call_run"),
    path("workspace/calls/<slug:slug>/rules/", views_work.write, name="call_write"),
    path("workspace/calls/<slug:slug>/assess/", views_assessing.assess, name="call_assess"),
    path("workspace/calls/<slug:slug>/decide/", views_deciding.decide, name="call_decide"),
    path("workspace/calls/<slug:slug>/table.csv", views_deciding.table_file, name="call_table"),
    path("workspace/applications/<str:identifier>/", views_assessing.read, name="application_read"),
    path("workspace/applications/<str:identifier>/score/", views_assessing.score, name="application_score"),
    path("workspace/applications/<str:identifier>/decide/", views_deciding.determine, name="application_decide"),
    path(
        "workspace/applications/<str:identifier>/files/<str:attachment>/",
        views_assessing.file,
        name="application_read_file",
    ),
    path("workspace/awards/<str:identifier>/", views_awards.award, name="award_work"),
]
