"""Addresses of panels."""

from django.urls import path

from whatworks.convene import views_panels as views
from whatworks.convene import views_panels_work as working

urlpatterns = [
    path("panels/", views.panels, name="panels"),
    path("panels/replay_panel.py", views.replay_file, name="panel_replay"),
    path("panels/mine/<str:token>/", views.mine, name="panel_mine"),
    path("panels/<slug:slug>/", views.panel, name="panel"),
    path("panels/<slug:slug>/apply/", views.apply, name="panel_apply"),
    path("panels/<slug:slug>/draw.json", views.draw_file, name="panel_draw"),
    path("workspace/panels/", working.work, name="panels_work"),
    path("workspace/panels/open/", working.open_panel, name="panel_open"),
    path("workspace/panels/run/<slug:slug>/", working.run, name="panel_run"),
    path("workspace/panels/run/<slug:slug>/list.json", working.list_file, name="panel_list"),
    path("workspace/panels/run/<slug:slug>/people/", working.people, name="panel_people"),
    path("workspace/panels/meeting/<str:identifier>/", working.meeting, name="panel_meeting"),
]
