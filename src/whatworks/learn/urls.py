"""Addresses of what changed, what is missing, what cases taught, and of learning."""

from django.urls import include, path

urlpatterns = [
    path("", include("whatworks.learn.urls_loop")),
    path("", include("whatworks.learn.urls_cases")),
    path("", include("whatworks.learn.urls_learning")),
]
