"""Reorganising, and the tree on any date."""

from django.urls import path

from organisation.views import changes as changes_views
from organisation.views import reorganising as views
from organisation.views import tree as tree_views

urlpatterns = [
    path("tree/", tree_views.tree, name="tree"),
    path("changes/", changes_views.changes, name="changes"),
    path("bodies/new/", views.body_new, name="body_new"),
    path("bodies/<uuid:public_id>/reorganise/", views.reorganise, name="reorganise"),
    path("bodies/<uuid:public_id>/rename/", views.rename, name="rename"),
    path("bodies/<uuid:public_id>/move/", views.move, name="move"),
    path("bodies/<uuid:public_id>/merge/", views.merge, name="merge"),
    path("bodies/<uuid:public_id>/split/", views.split, name="split"),
    path("bodies/<uuid:public_id>/close/", views.close, name="close"),
]
