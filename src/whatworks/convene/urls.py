"""Addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("whatworks.convene.urls_enquiries")),
    path("", include("whatworks.convene.urls_challenges")),
    path("", include("whatworks.convene.urls_panels")),
    path("", include("whatworks.convene.urls_events")),
    path("", include("whatworks.convene.urls_consultations")),
]
