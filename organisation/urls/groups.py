"""Groups: members, assignments, meetings and actions."""

from django.urls import path

from organisation.views import assignments, group_actions, group_meetings, groups, memberships

urlpatterns = [
    path("groups/", groups.groups, name="groups"),
    path("groups/<uuid:public_id>/", groups.group, name="group"),
    path("groups/<uuid:public_id>/members/new/", memberships.new_member, name="group_member_new"),
    path("groups/<uuid:public_id>/members/outside/", memberships.new_outside_member, name="group_outside_new"),
    path("groups/members/<uuid:public_id>/end/", memberships.end_membership, name="group_member_end"),
    path("groups/<uuid:public_id>/assignments/new/", assignments.new_assignment, name="assignment_new"),
    path("groups/assignments/<uuid:public_id>/", assignments.assignment, name="assignment"),
    path("groups/assignments/<uuid:public_id>/edit/", assignments.edit_assignment, name="assignment_edit"),
    path("groups/assignments/<uuid:public_id>/done/", assignments.assignment_done, name="assignment_done"),
    path("groups/<uuid:public_id>/meetings/new/", group_meetings.new_meeting, name="group_meeting_new"),
    path("groups/meetings/<uuid:public_id>/", group_meetings.meeting, name="group_meeting"),
    path("groups/meetings/<uuid:public_id>/edit/", group_meetings.edit_meeting, name="group_meeting_edit"),
    path("groups/actions/<uuid:public_id>/", group_actions.action, name="group_action"),
    path("groups/actions/<uuid:public_id>/done/", group_actions.action_done, name="group_action_done"),
    path("groups/actions/<uuid:public_id>/reopen/", group_actions.reopen_action, name="group_action_reopen"),
]
