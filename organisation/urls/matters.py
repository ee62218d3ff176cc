"""Matters between chairs, and the board's overview."""

from django.urls import path

from organisation.views import matter_steps, matters, oversight

urlpatterns = [
    path("oversight/", oversight.overview, name="oversight"),
    path("matters/", matters.matters, name="matters"),
    path("matters/new/", matters.new_matter, name="matter_new"),
    path("matters/<uuid:public_id>/", matters.matter, name="matter"),
    path("matters/<uuid:public_id>/note/", matter_steps.note, name="matter_note"),
    path("matters/<uuid:public_id>/take-over/", matter_steps.take_over, name="matter_take_over"),
    path("matters/<uuid:public_id>/bodies/new/", matter_steps.add_body, name="matter_add_body"),
    path("matters/<uuid:public_id>/close/", matter_steps.close, name="matter_close"),
    path("matters/<uuid:public_id>/reopen/", matter_steps.reopen, name="matter_reopen"),
]
