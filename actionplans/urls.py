"""Addresses of the actionplans app."""

from django.urls import path

from actionplans import views

app_name = "actionplans"
urlpatterns = [
    path("", views.plans, name="list"),
    path("new/", views.new_plan, name="new"),
    path("from-action/<uuid:public_id>/", views.from_action, name="from_action"),
    path("<uuid:public_id>/", views.plan, name="plan"),
    path("<uuid:public_id>/edit/", views.edit_plan, name="edit"),
    path("<uuid:public_id>/measures/new/", views.add_measure, name="measure_add"),
    path("<uuid:public_id>/share/", views.share, name="share"),
    path("<uuid:public_id>/unshare/", views.unshare, name="unshare"),
    path("<uuid:public_id>/submit/", views.submit, name="submit"),
    path("<uuid:public_id>/withdraw/", views.withdraw, name="withdraw"),
    path("<uuid:public_id>/decision/", views.record_decision, name="decide"),
    path("<uuid:public_id>/minutes/", views.minutes, name="minutes"),
    path("measures/<uuid:public_id>/", views.measure, name="measure"),
    path("measures/<uuid:public_id>/edit/", views.edit_measure, name="measure_edit"),
    path("measures/<uuid:public_id>/remove/", views.remove_measure, name="measure_remove"),
    path("measures/<uuid:public_id>/progress/", views.note_progress, name="measure_progress"),
    path("versions/<uuid:public_id>/", views.version, name="version"),
    path("decisions/<uuid:public_id>/correct/", views.correct_decision, name="correct"),
]
