"""Addresses of the public register of trials, and of the workspace in which trials are run."""

from django.urls import path, re_path

from whatworks.trial import views, views_conduct, views_reports, views_running

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
    path("trials/<slug:slug>/recruitment/", views_conduct.recruitment, name="trial_recruitment"),
    path("trials/<slug:slug>/recruitment.csv", views_conduct.recruitment_file, name="trial_recruitment_file"),
    path("trials/<slug:slug>/pilot/", views_conduct.pilot, name="trial_pilot"),
    path("workspace/trials/run/<slug:slug>/recruitment/", views_conduct.recruiting, name="trial_recruiting"),
    path("workspace/trials/run/<slug:slug>/units.csv", views_conduct.recruiting_file, name="trial_recruiting_file"),
    path("workspace/trials/run/<slug:slug>/delivered/", views_conduct.delivered, name="trial_delivered"),
    path("workspace/trials/run/<slug:slug>/arms/", views_conduct.arms, name="trial_arms"),
    path("workspace/trials/run/<slug:slug>/pilot/", views_conduct.piloted, name="trial_piloted"),
    path("trials/<slug:slug>/allocations/<int:number>.json", views.allocation_file, name="trial_allocation"),
    path(
        "trials/<slug:slug>/allocations/<int:number>-as-published.json", views.published_file, name="trial_as_published"
    ),
    path("trials/<slug:slug>/checklists.csv", views_reports.checklist_file, name="trial_checklists"),
    path("workspace/trials/run/<slug:slug>/archive.zip", views_reports.archive_file, name="trial_archive"),
    re_path(
        r"^trials/(?P<slug>[-a-zA-Z0-9_]+)/(?P<name>protocol|plan|report|result)\.(?P<form>pdf|docx|txt)$",
        views_reports.document_file,
        name="trial_document",
    ),
]
