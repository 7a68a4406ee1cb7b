"""Addresses of the analyses in the workspace."""

from django.urls import path

from whatworks.synthesise import views

ONE = "workspace/analyses/<slug:slug>"

urlpatterns = [
    path("workspace/analyses/", views.analyses, name="analyses"),
    path("workspace/declare/", views.declaring, name="declare"),
    path(f"{ONE}/", views.analysis, name="analysis"),
    path(f"{ONE}/change/", views.changing, name="change_plan"),
    *(
        path(f"{ONE}/{what}/", views.act, {"what": what}, name=f"analysis_{what}")
        for what in ("lock", "run", "forward")
    ),
    *(
        path(f"{ONE}/{name}", views.taken, {"form": form}, name=f"analysis_{form}")
        for form, name in (("r", "analysis.R"), ("json", "analysis.json"), ("csv", "inputs.csv"))
    ),
]
