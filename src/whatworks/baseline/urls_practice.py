"""Addresses of the practice map and its survey rounds."""

from django.urls import path

from whatworks.baseline import views_practice as practice
from whatworks.baseline import views_rounds as rounds

WORK = "workspace/places"

urlpatterns = [
    path("places/practices/", practice.practices, name="practices"),
    path("places/practices/<slug:slug>/", practice.practice, name="practice"),
    path("places/practices/<slug:slug>/data.csv", practice.practice_csv, name="practice_csv"),
    path("places/rounds/<str:identifier>/", rounds.survey, name="practice_round"),
    path(f"{WORK}/", practice.work, name="practice_work"),
    path(f"{WORK}/say/", practice.say, name="say_standing"),
    path(f"{WORK}/words/<str:identifier>/", practice.correct, name="correct_standing"),
    path(f"{WORK}/table/", practice.table, name="practice_table"),
    path(f"{WORK}/table/empty.csv", practice.empty_table, name="practice_table_empty"),
    path(f"{WORK}/practices/add/", practice.add, name="add_practice"),
    path(f"{WORK}/practices/<slug:slug>/", practice.words, name="practice_words"),
    path(f"{WORK}/rounds/open/", rounds.opening, name="open_round"),
    path(f"{WORK}/rounds/<str:identifier>/", rounds.work, name="round_work"),
    path(f"{WORK}/rounds/<str:identifier>/close/", rounds.close, name="close_round"),
    path(f"{WORK}/rounds/<str:identifier>/<slug:code>/", rounds.answer, name="answer_round"),
]
