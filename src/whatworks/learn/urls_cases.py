"""Addresses of what published reviews of cases taught. Of age, place and date an address names one: `facet` takes one value."""

from django.urls import path

from whatworks.learn import views_cases, views_cases_work

urlpatterns = [
    path("learning/cases/", views_cases.cases, name="cases"),
    path("learning/cases/how/", views_cases.method, name="cases_method"),
    path("learning/cases/feed.atom", views_cases.feed, name="cases_feed"),
    path("learning/cases/publications.csv", views_cases.publications_file, name="case_publications_file"),
    path("learning/cases/codes.csv", views_cases.codes_file, name="case_codes_file"),
    path("learning/cases/cases.json", views_cases.cases_json, name="cases_json"),
    path("learning/cases/themes/<slug:theme>/", views_cases.theme, name="case_theme"),
    path("learning/cases/themes/<slug:theme>/<slug:harm>/", views_cases.theme, name="case_theme_harm"),
    path("learning/cases/by/<slug:facet>/<slug:value>/", views_cases.facet, name="case_facet"),
    path("learning/cases/publications/<slug:slug>/", views_cases.publication, name="case_publication"),
    path("workspace/cases/", views_cases_work.work, name="cases_work"),
    path("workspace/cases/enter/", views_cases_work.enter, name="case_enter"),
    path("workspace/cases/tie/", views_cases_work.link, name="case_link"),
    path("workspace/cases/untie/", views_cases_work.unlink, name="case_unlink"),
    path("workspace/cases/publications/<slug:slug>/code/", views_cases_work.code, name="case_code"),
    path("workspace/cases/publications/<slug:slug>/settle/", views_cases_work.settle, name="case_settle"),
    path("workspace/cases/publications/<slug:slug>/withdraw/", views_cases_work.withdraw, name="case_withdraw"),
]
