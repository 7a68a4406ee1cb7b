"""Addresses of guides and packages: those of readers, and those where guides are written."""

from django.urls import path

from whatworks.publish.guides import views as views_guides
from whatworks.publish.guides import views_packages, views_responses
from whatworks.publish.guides import views_writing as views_guiding

urlpatterns = [
    path("guides/", views_guides.guides, name="guides"),
    path("guides/<slug:slug>/", views_guides.guide, name="guide"),
    path("guides/<slug:slug>/history/", views_guides.guide_history, name="guide_history"),
    path("guides/<slug:slug>/compare/", views_guides.guide_compare, name="guide_compare"),
    path("guides/<slug:slug>/revisions/<int:number>/", views_guides.guide_revision, name="guide_revision"),
    path("guides/<slug:slug>/revisions/<int:number>/changes/", views_guides.guide_changed, name="guide_changed"),
    path("guides/<slug:slug>/consultations/<int:number>/", views_guides.guide_consultation, name="guide_consultation"),
    path("guides/<slug:slug>/consultations/<int:number>/respond/", views_guides.guide_respond, name="guide_respond"),
    path("packages/<slug:slug>/", views_guides.package, name="package"),
    path("workspace/guides/", views_guiding.guide_work, name="guide_work"),
    path("workspace/guides/open/", views_guiding.open_guide, name="open_guide"),
    path("workspace/guides/packages/open/", views_packages.open_package, name="open_package"),
    path("workspace/guides/packages/<str:identifier>/", views_packages.gather_package, name="gather_package"),
    path("workspace/guides/<str:identifier>/", views_guiding.write_guide, name="write_guide"),
    path("workspace/guides/<str:identifier>/read/", views_guiding.read_guide, name="read_guide"),
    path("workspace/guides/<str:identifier>/standing/", views_guiding.stand_guide, name="stand_guide"),
    path("workspace/consultations/<str:identifier>/", views_responses.responses, name="guide_responses"),
    path("workspace/consultations/<str:identifier>/letter/", views_responses.enter_letter, name="enter_letter"),
    path("workspace/responses/<str:identifier>/", views_responses.answer_response, name="answer_response"),
]
