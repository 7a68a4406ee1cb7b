"""Addresses of public challenge, and of how to complain about a service."""

from django.urls import path

from whatworks.convene import views_challenges as views

urlpatterns = [
    path("challenge/", views.challenge, name="challenge"),
    path("challenges/", views.challenges, name="challenges"),
    path("how-to-complain/", views.complain, name="complain"),
    path("workspace/challenges/", views.work, name="challenges_work"),
    path("workspace/challenges/<str:identifier>/", views.answer, name="challenge_answer"),
]
