"""Addresses of the editor in the workspace, and of what changed between revisions."""

from django.urls import path

from whatworks.publish.writing import views as views_writing
from whatworks.publish.writing import views_revisions

urlpatterns = [
    path("evidence/<slug:slug>/compare/", views_revisions.compare, name="compare_revisions"),
    path("evidence/<slug:slug>/revisions/<int:number>/changes/", views_revisions.changes_of, name="revision_changes"),
    path("workspace/texts/", views_writing.texts, name="texts"),
    path("workspace/texts/<slug:slug>/", views_writing.text_parts, name="text_parts"),
    path("workspace/texts/<slug:slug>/as/page/itself/", views_writing.preview_page, name="preview_page"),
    path("workspace/texts/<slug:slug>/as/<slug:how>/", views_writing.preview, name="preview"),
    path("workspace/texts/<slug:slug>/withdraw/", views_writing.withdraw_page, name="withdraw_page"),
    path("workspace/texts/<slug:slug>/write/<slug:part>/", views_writing.write_text, name="write_text"),
    path("workspace/texts/<slug:slug>/write/<slug:part>/back/", views_writing.take_text_back, name="take_text_back"),
    path("workspace/writing/check/", views_writing.check_text, name="check_text"),
    path("workspace/writing/numbers/", views_writing.numbers, name="insert_numbers"),
    path("workspace/writing/paper.css", views_writing.paper_style, name="paper_style"),
]
