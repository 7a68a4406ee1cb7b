"""Addresses of what is recorded of interventions, in the workspace."""

from django.urls import path

from whatworks.publish.particulars import views

ABOUT = "workspace/interventions/<slug:slug>"

urlpatterns = [
    path("workspace/interventions/", views.particulars, name="particulars"),
    path(f"{ABOUT}/", views.particulars_about, name="particulars_about"),
    path(f"{ABOUT}/record/<slug:sort>/", views.record_one, name="record_particular"),
    path(f"{ABOUT}/replace/<str:identifier>/", views.replace_one, name="replace_particular"),
]
