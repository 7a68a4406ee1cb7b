"""Addresses of what changed, what is missing and what did not work."""

from django.urls import path

from whatworks.learn import views_loop as views
from whatworks.learn import views_loop_answers as answering
from whatworks.learn import views_loop_work as working

urlpatterns = [
    path("learning/how-fast/", views.how_fast, name="how_fast"),
    path("gaps/", views.missing, name="gaps"),
    path("gaps/gaps.csv", views.missing_file, name="gaps_file"),
    path("what-did-not-work/", views.did_not_work, name="did_not_work"),
    path("what-did-not-work/what-did-not-work.csv", views.did_not_work_file, name="did_not_work_file"),
    path("what-did-not-work/feed.atom", views.did_not_work_feed, name="did_not_work_feed"),
    path("questions/", answering.questions, name="questions"),
    path("workspace/answers/", answering.work, name="answers_work"),
    path("workspace/answers/<str:identifier>/", answering.write, name="answer_write"),
    path("workspace/answers/<str:identifier>/check/", answering.check, name="answer_check"),
    path("workspace/loop/", working.loop, name="loop"),
    path("workspace/loop/searches/", working.searches, name="loop_searches"),
    path("workspace/loop/suggested/<slug:slug>/", working.suggested, name="loop_suggested"),
    path("workspace/loop/share/<slug:kind>/<str:about>/", working.share, name="loop_share"),
]
