"""Addresses of events."""

from django.urls import path

from whatworks.convene import views_events as views

urlpatterns = [
    path("events/", views.gatherings, name="gatherings"),
    path("events/mine/<str:token>/", views.mine, name="gathering_mine"),
    path("events/<slug:slug>/", views.gathering, name="gathering"),
    path("events/<slug:slug>/event.ics", views.ics_file, name="gathering_ics"),
    path("events/<slug:slug>/feedback/", views.feedback, name="gathering_feedback"),
    path("workspace/events/", views.work, name="gatherings_work"),
    path("workspace/events/run/<slug:slug>/", views.run, name="gathering_run"),
]
