"""Addresses of what has been written: search, matching, imports, and the open door for machines."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
