"""Safety representatives, their requests and their stops."""

from django.urls import path

from organisation.views import representatives, work_environment_requests, work_stops

urlpatterns = [
    path("representatives/", representatives.representatives, name="representatives"),
    path("representatives/without/", representatives.unrepresented, name="unrepresented"),
    path("representatives/new/", representatives.new_mandate, name="mandate_new"),
    path("representatives/<uuid:public_id>/", representatives.mandate, name="mandate"),
    path("representatives/<uuid:public_id>/area/", representatives.change_area, name="mandate_area"),
    path("representatives/<uuid:public_id>/end/", representatives.end_mandate, name="mandate_end"),
    path("requests/", work_environment_requests.requests, name="requests"),
    path("requests/new/", work_environment_requests.new_request, name="request_new"),
    path("requests/<uuid:public_id>/", work_environment_requests.one_request, name="request"),
    path("requests/<uuid:public_id>/pdf/", work_environment_requests.request_pdf, name="request_pdf"),
    path("requests/<uuid:public_id>/answer/", work_environment_requests.answer, name="request_answer"),
    path("requests/<uuid:public_id>/refer/", work_environment_requests.refer, name="request_refer"),
    path("requests/<uuid:public_id>/withdraw/", work_environment_requests.withdraw, name="request_withdraw"),
    path("stops/", work_stops.stops, name="stops"),
    path("stops/new/", work_stops.new_stop, name="stop_new"),
    path("stops/<uuid:public_id>/", work_stops.one_stop, name="stop"),
    path("stops/<uuid:public_id>/authority/", work_stops.authority_told, name="stop_authority"),
    path("stops/<uuid:public_id>/lift/", work_stops.lift, name="stop_lift"),
]
