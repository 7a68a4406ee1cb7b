"""Addresses of sites, adoption and communities of practice, and of the workspace of sites."""

from django.urls import URLPattern, path

from whatworks.implement import views, views_improving, views_work

urlpatterns: list[URLPattern] = [
    path("sites/", views.sites, name="sites"),
    path("sites/<slug:slug>/", views.site, name="site"),
    path("adoption/", views.adoptions, name="adoptions"),
    path("adoption/<slug:slug>/", views.adoption, name="adoption"),
    path("adoption/<slug:slug>/adoption.csv", views.adoption_file, name="adoption_file"),
    path("communities/", views.communities, name="communities"),
    path("communities/<slug:slug>/", views.community, name="community"),
    path("readiness/", views.readiness, name="readiness"),
    path("workspace/communities/<slug:slug>/<str:question>/", views.reply, name="practice_reply"),
    path("workspace/sites/", views_work.sites, name="sites_work"),
    path("workspace/sites/open/", views_work.open_site, name="site_open"),
    path("workspace/sites/agreement/", views_work.agreement, name="site_agreement"),
    path("workspace/sites/adaptations/", views_work.warnings, name="site_warnings"),
    path("workspace/sites/at/<slug:slug>/", views_work.site, name="site_work"),
    path("workspace/sites/at/<slug:slug>/plan/", views_work.plan, name="site_plan"),
    path("workspace/sites/at/<slug:slug>/form/", views_work.delivery, name="site_form"),
    path("workspace/sites/at/<slug:slug>/adaptation/", views_work.adaptation, name="site_adapt"),
    path("workspace/sites/at/<slug:slug>/tests/", views_improving.tests, name="site_tests"),
    path("workspace/sites/at/<slug:slug>/readiness/", views_improving.ready, name="site_ready"),
]
