"""Addresses of the standards that anybody can read, and of the workspace where people rate."""

from django.urls import path

from whatworks.rate import views_agreeing, views_asking, views_judging, views_schemes

STANDARDS = [
    path("standards/", views_schemes.standards, name="standards"),
    path("standards/<slug:key>/", views_schemes.standard, name="standard"),
    path("standards/<slug:key>/check/", views_schemes.check, name="standard_check"),
    path("standards/<slug:key>/<int:version>/", views_schemes.standard, name="standard_version"),
]

RATING = [
    path("workspace/ratings/", views_asking.work, name="ratings_work"),
    path("workspace/ratings/about/<slug:slug>/", views_asking.about, name="ratings_about"),
    path("workspace/ratings/agreement/", views_asking.agreement, name="rating_agreement"),
    path("workspace/ratings/ask/", views_asking.ask, name="ask_raters"),
    path("workspace/ratings/<str:identifier>/", views_judging.assessment, name="assessment"),
    path("workspace/ratings/<str:identifier>/compare/", views_agreeing.compare, name="compare_ratings"),
]

urlpatterns = [*RATING, *STANDARDS]
