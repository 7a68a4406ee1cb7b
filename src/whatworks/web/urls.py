"""Addresses."""

from django.urls import include, path

from whatworks.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("glossary/", views.glossary, name="glossary"),
    path("releases/", views.releases, name="releases"),
    path("health/", views.health, name="health"),
    path("account/", include("allauth.account.urls")),
    path("", include("whatworks.web.api")),
    path("", include("whatworks.people.urls")),
    path("", include("whatworks.collate.urls")),
    path("", include("whatworks.screen.urls")),
    path("", include("whatworks.extract.urls")),
    path("", include("whatworks.synthesise.urls")),
    path("", include("whatworks.publish.urls")),
]
