"""Addresses of what people keep for themselves: the tokens of their programs."""

from django.urls import path

from whatworks.people import views

urlpatterns = [
    path("workspace/tokens/", views.tokens, name="tokens"),
    path("workspace/tokens/<str:identifier>/revoke/", views.revoke, name="revoke_token"),
]
