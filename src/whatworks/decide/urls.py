"""Addresses of priorities and decisions, and of the workspace where they are made."""

from django.urls import path

from whatworks.decide import views, views_work

urlpatterns = [
    path("priorities/", views.priorities, name="priorities"),
    path("priorities/<slug:slug>/", views.priority_setting, name="priority_setting"),
    path("priorities/<slug:slug>/order.csv", views.priority_file, name="priority_file"),
    path("priorities/<slug:slug>/vote/", views.vote, name="vote"),
    path("decisions/", views.decisions, name="decisions"),
    path("decisions/<str:identifier>/", views.decision, name="decision"),
    path("workspace/decisions/", views_work.work, name="decisions_work"),
    path("workspace/decisions/record/<slug:kind>/", views_work.record_one, name="record_decision"),
    path("workspace/decisions/done/<slug:kind>/<str:identifier>/", views_work.finish, name="finish_step"),
    path("workspace/decisions/posts/<str:identifier>/", views_work.interviews, name="interviews"),
    path("workspace/priorities/open/", views_work.open_setting, name="open_setting"),
    path("workspace/priorities/answer/<str:identifier>/", views_work.answer, name="answer_priority"),
    path("workspace/priorities/<slug:slug>/", views_work.setting_work, name="setting_work"),
]
