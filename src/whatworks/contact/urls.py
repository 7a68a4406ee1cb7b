"""Addresses of the newsletter and of news, and of the workspace where contacts, letters and news are kept."""

from django.urls import path

from whatworks.contact import views_contacts, views_imports, views_letters, views_news, views_public

urlpatterns = [
    path("news/", views_public.news, name="news"),
    path("news/feed.atom", views_public.news_feed, name="news_feed"),
    path("news/<slug:slug>/", views_public.post, name="post"),
    path("newsletter/", views_public.newsletter, name="newsletter"),
    path("newsletter/confirm/<str:token>/", views_public.confirm, name="newsletter_confirm"),
    path("newsletter/leave/<str:token>/", views_public.leave, name="newsletter_leave"),
    path("newsletter/preferences/<str:token>/", views_public.preferences, name="newsletter_preferences"),
    path("newsletter/<slug:slug>/<int:number>/", views_public.edition, name="edition"),
    path("workspace/contacts/", views_contacts.contacts, name="contacts"),
    path("workspace/contacts/add/", views_contacts.add, name="contact_add"),
    path("workspace/contacts/import/", views_imports.bring, name="contact_import"),
    path("workspace/contacts/import/<str:identifier>/", views_imports.look, name="contact_import_look"),
    path("workspace/contacts/twice/", views_imports.duplicates, name="contact_duplicates"),
    path("workspace/contacts/<str:identifier>/", views_contacts.contact, name="contact"),
    path("workspace/contacts/<str:identifier>/held/", views_contacts.held, name="contact_held"),
    path("workspace/contacts/<str:identifier>/held.json", views_contacts.held_file, name="contact_held_file"),
    path("workspace/newsletter/", views_letters.editions, name="editions"),
    path("workspace/newsletter/bounces/", views_letters.bounces, name="contact_bounces"),
    path("workspace/newsletter/<str:identifier>/", views_letters.edition, name="edition_work"),
    path("workspace/newsletter/<str:identifier>/preview/", views_letters.preview, name="edition_preview"),
    path("workspace/news/", views_news.posts, name="posts"),
    path("workspace/news/write/", views_news.begin, name="post_begin"),
    path("workspace/news/<str:identifier>/", views_news.post, name="post_work"),
]
