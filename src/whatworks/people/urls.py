"""Addresses of what people keep for themselves: the tokens of their programs, and their interests."""

from django.urls import path

from whatworks.people import views, views_held, views_interests

urlpatterns = [
    path("workspace/held.json", views_held.held_of_me, name="held_of_me"),
    path("workspace/tokens/", views.tokens, name="tokens"),
    path("workspace/tokens/<str:identifier>/revoke/", views.revoke, name="revoke_token"),
    path("workspace/interests/", views_interests.interests, name="interests"),
    path("workspace/interests/everybody/", views_interests.everybodys_interests, name="everybodys_interests"),
    path("workspace/interests/<str:identifier>/withdraw/", views_interests.withdraw, name="withdraw_interest"),
]
