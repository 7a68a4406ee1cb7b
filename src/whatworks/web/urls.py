"""Addresses."""

from django.urls import include, path

from whatworks.web import views, views_releases

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("take-part/", views.taking_part, name="taking_part"),
    path("glossary/", views.glossary, name="glossary"),
    path("releases/", views_releases.releases, name="releases"),
    path("releases/<int:number>/", views_releases.release, name="release"),
    path("releases/<int:number>/<path:name>", views_releases.release_file, name="release_file"),
    path("health/", views.health, name="health"),
    path("account/", include("allauth.account.urls")),
    path("", include("whatworks.web.api")),
    path("", include("whatworks.people.urls")),
    path("", include("whatworks.scope.urls")),
    path("", include("whatworks.collate.urls")),
    path("", include("whatworks.baseline.urls")),
    path("", include("whatworks.screen.urls")),
    path("", include("whatworks.extract.urls")),
    path("", include("whatworks.synthesise.urls")),
    path("", include("whatworks.rate.urls")),
    path("", include("whatworks.trial.urls")),
    path("", include("whatworks.publish.urls")),
    path("", include("whatworks.contact.urls")),
    path("", include("whatworks.commission.urls")),
    path("", include("whatworks.convene.urls")),
    path("", include("whatworks.implement.urls")),
    path("", include("whatworks.decide.urls")),
    path("", include("whatworks.learn.urls")),
]
