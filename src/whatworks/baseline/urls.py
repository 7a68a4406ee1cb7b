"""Addresses of places, of what is counted in them, and of what they do."""

from django.urls import include, path

from whatworks.baseline import views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/indicators/", views.indicators, name="indicators"),
    path("places/indicators/<slug:key>/", views.indicator, name="indicator"),
    path("places/indicators/<slug:key>/data.csv", views.indicator_csv, name="indicator_csv"),
    path("places/indicators/<slug:key>/<slug:period>/", views.indicator, name="indicator_period"),
    path("places/indicators/<slug:key>/<slug:period>/funnel.R", views.indicator_r, name="indicator_r"),
    path("places/neighbours.csv", views.neighbours_csv, name="neighbours_csv"),
    path("places/vintages/<str:identifier>/", views.vintage, name="vintage"),
    path("places/vintages/<str:identifier>/data.csv", views.vintage_csv, name="vintage_csv"),
    path("", include("whatworks.baseline.urls_practice")),
    path("places/<slug:code>/", views.area, name="area"),
    path("places/<slug:code>/data.csv", views.area_csv, name="area_csv"),
]
