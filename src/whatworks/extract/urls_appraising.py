"""Addresses of risk of bias in the workspace: judged, drawn, and taken away."""

from django.urls import path

from whatworks.extract.views import appraising

urlpatterns = [
    path("workspace/reviews/<slug:slug>/risk-of-bias/<slug:tool>-<int:version>.csv", appraising.robvis, name="robvis"),
    path("workspace/studies/<str:identifier>/appraise/", appraising.judging, name="appraise"),
    path("workspace/appraised/", appraising.appraised, name="appraised"),
]
