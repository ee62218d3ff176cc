"""Addresses of the organisation, one file per noun, all in one namespace."""

from organisation.urls import (
    administering,
    bodies,
    chart,
    groups,
    imports,
    login,
    map,
    matters,
    people,
    reorganising,
    saved_filters,
    seat_types,
    seats,
    sharing,
    union,
    vacancies,
    who,
)

app_name = "organisation"
urlpatterns = [
    *map.urlpatterns,
    *chart.urlpatterns,
    *bodies.urlpatterns,
    *reorganising.urlpatterns,
    *seats.urlpatterns,
    *seat_types.urlpatterns,
    *vacancies.urlpatterns,
    *who.urlpatterns,
    *groups.urlpatterns,
    *matters.urlpatterns,
    *login.urlpatterns,
    *union.urlpatterns,
    *sharing.urlpatterns,
    *saved_filters.urlpatterns,
    *people.urlpatterns,
    *imports.urlpatterns,
    *administering.urlpatterns,
]
