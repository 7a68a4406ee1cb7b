"""Addresses of risk of bias in the workspace: judged alone or by two, compared, drawn, and taken away."""

from django.urls import path

from whatworks.extract.views import appraising, appraising_two

urlpatterns = [
    path("workspace/reviews/<slug:slug>/risk-of-bias/<slug:tool>-<int:version>.csv", appraising.robvis, name="robvis"),
    path("workspace/studies/<str:identifier>/appraise/", appraising.judging, name="appraise"),
    path("workspace/studies/<str:identifier>/appraise/two/", appraising_two.asking, name="ask_two"),
    path("workspace/appraisings/<str:identifier>/", appraising_two.judging, name="appraising"),
    path("workspace/appraisings/<str:identifier>/compare/", appraising_two.comparing, name="compare_appraisals"),
    path("workspace/appraisals/<str:identifier>/", appraising.appraisal, name="appraisal"),
    path("workspace/appraised/", appraising.appraised, name="appraised"),
]
