"""Addresses of those who lead a review and look after it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from whatworks.screen.views import (
    leading,
    leading_agreement,
    leading_conflicts,
    leading_protocol,
    leading_rereading,
    leading_searches,
    leading_stop,
    leading_team,
    planning,
)

REVIEW = "workspace/reviews/<slug:slug>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("workspace/reviews/", leading.reviews, name="lead_reviews"),
    path("workspace/teams/", leading_team.teams, name="teams"),
    path("workspace/teams/<slug:slug>/", leading_team.any_team, name="any_team"),
    path("workspace/open-review/", leading.opening, name="lead_open"),
    path("workspace/planning/", planning.planning, name="planning"),
    path("workspace/planning/<int:number>/", planning.plan, name="plan"),
    path(f"{REVIEW}/", leading.progress, name="lead_review"),
    path(f"{REVIEW}/flow.svg", leading.flow_drawing, name="lead_flow"),
    path(f"{REVIEW}/take/<slug:form>/", leading.taken, name="lead_take"),
    path(f"{REVIEW}/protocol/", leading_protocol.protocol, name="lead_protocol"),
    path(f"{REVIEW}/protocol/change/", leading_protocol.amending, name="lead_amend"),
    path(f"{REVIEW}/team/", leading_team.team, name="lead_team"),
    path(f"{REVIEW}/searches/", leading_searches.searches, name="lead_searches"),
    path(f"{REVIEW}/searches/take-up/", leading_searches.taking_up, name="lead_take_up"),
    path(f"{REVIEW}/conflicts/", leading_conflicts.conflicts, name="lead_conflicts"),
    path(f"{REVIEW}/conflicts/<str:identifier>/", leading_conflicts.conflict, name="lead_conflict"),
    path(f"{REVIEW}/agreement/", leading_agreement.agreement, name="lead_agreement"),
    path(f"{REVIEW}/reread/", leading_rereading.rereading, name="lead_reread"),
    path(f"{REVIEW}/stopping/", leading_stop.stopping, name="lead_stop"),
]
