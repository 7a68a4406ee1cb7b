"""Addresses of how to understand research, and of records of learning."""

from django.urls import URLPattern, path

from whatworks.learn import views_learning as views
from whatworks.learn import views_learning_record as records
from whatworks.learn.journal_papers import PAPERS

MINE = "workspace/learning-record/"

urlpatterns: list[URLPattern] = [
    path("understand/", views.understand, name="understand"),
    path("understand/<slug:slug>/", views.explainer, name="explainer"),
    path("evidence/<slug:slug>/journal-club/", views.journal_club, name="journal_club"),
    *(
        path(f"evidence/<slug:slug>/journal-club/{name}", views.journal_paper, {"name": name}, name=f"journal_{ending}")
        for ending, name in ((one.rpartition(".")[2], one) for one in PAPERS)
    ),
    path("learning-record/", records.about_records, name="about_records"),
    path(MINE, records.mine, name="my_learning"),
    path(f"{MINE}add/", records.add, name="add_learning"),
    path(f"{MINE}<int:year>/record.<slug:ending>", records.export, name="export_learning"),
    path(f"{MINE}<str:identifier>/", records.entry, name="learning_entry"),
    path(f"{MINE}<str:identifier>/change/", records.change, name="change_learning"),
    path(f"{MINE}<str:identifier>/delete/", records.delete, name="delete_learning"),
    path(f"{MINE}<str:identifier>/peer/", records.peer, name="peer_learning"),
]
