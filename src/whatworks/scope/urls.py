"""Addresses of questions that the centre took up."""

from django.urls import path

from whatworks.scope import views

urlpatterns = [path("questions/<str:identifier>/", views.question, name="question")]
