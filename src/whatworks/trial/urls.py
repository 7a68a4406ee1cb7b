"""Addresses of the public register of trials, and of the workspace in which trials are run."""

from django.urls import path, re_path

from whatworks.trial import views, views_reports, views_running

urlpatterns = [
    path("trials/", views.trials, name="trials"),
    path("trials/<slug:slug>/", views.trial, name="trial"),
    path("trials/<slug:slug>/events.csv", views.events_file, name="trial_events"),
    path("trials/<slug:slug>/protocols/<int:number>/", views.protocol, name="protocol"),
    path("trials/<slug:slug>/protocols/<int:number>/design.toml", views.design_file, name="trial_design"),
    path("workspace/trials/", views_running.work, name="trials_work"),
    path("workspace/trials/open/", views_running.open_trial, name="trial_open"),
    path("workspace/trials/run/<slug:slug>/", views_running.run, name="trial_run"),
    path("workspace/trials/run/<slug:slug>/protocol/", views_running.write_protocol, name="trial_protocol"),
    path("trials/<slug:slug>/allocations/<int:number>.json", views.allocation_file, name="trial_allocation"),
    path("trials/<slug:slug>/checklists.csv", views_reports.checklist_file, name="trial_checklists"),
    path("workspace/trials/run/<slug:slug>/archive.zip", views_reports.archive_file, name="trial_archive"),
    re_path(
        r"^trials/(?P<slug>[-a-zA-Z0-9_]+)/(?P<name>protocol|plan|report|result)\.(?P<form>pdf|docx|txt)$",
        views_reports.document_file,
        name="trial_document",
    ),
]
