"""Addresses of maps."""

from django.urls import path, re_path

from whatworks.publish.maps import views

urlpatterns = [
    path("map/", views.own, name="map"),
    path("map/cells/<slug:row>/<slug:column>/", views.own_cell, name="map_cell"),
    re_path(r"^map/evidence-map\.(?P<kind>csv|json|html)$", views.own_file, name="map_file"),
    path("maps/<slug:slug>/", views.other, name="map_other"),
    path("maps/<slug:slug>/cells/<slug:row>/<slug:column>/", views.other_cell, name="map_other_cell"),
    re_path(r"^maps/(?P<slug>[-\w]+)/map\.(?P<kind>csv|json|html)$", views.other_file, name="map_other_file"),
    path("workspace/maps/", views.work, name="map_work"),
    path("workspace/maps/<slug:slug>/", views.work_one, name="map_work_one"),
]
