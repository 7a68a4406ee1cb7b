"""Addresses of what can be read, and of the workspace where pages are kept true."""

from django.urls import path

from whatworks.publish import merging, views, workspace

urlpatterns = [
    path("evidence/", views.store, name="store"),
    path("evidence/<slug:slug>/", views.page, name="page"),
    path("evidence/<slug:slug>/history/", views.page_history, name="page_history"),
    path("evidence/<slug:slug>/revisions/<int:number>/", views.page_revision, name="page_revision"),
    path("evidence/<slug:slug>/data.csv", views.page_csv, name="page_csv"),
    path("evidence/<slug:slug>/analysis.R", views.page_r, name="page_r"),
    path("trace/<str:identifier>/", views.trace, name="trace"),
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<slug:slug>/", views.review, name="review"),
    path("reports/<str:identifier>/", views.report, name="report"),
    path("studies/<str:identifier>/", views.study, name="study"),
    path("workspace/", workspace.home, name="workspace"),
    path("workspace/correct/<str:identifier>/", workspace.correct, name="correct"),
    path("workspace/drafts/<str:identifier>/", workspace.draft, name="draft"),
    path("workspace/ratings/<str:identifier>/sign/", workspace.sign, name="sign"),
    path("workspace/waiting/<slug:kind>/", workspace.waiting, name="waiting"),
    path("workspace/judged/<slug:review>/<str:report>/", merging.judged, name="judged"),
]
