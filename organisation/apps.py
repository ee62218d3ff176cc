"""The organisation app: municipality, bodies, people, seats, access."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    name = "organisation"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        from organisation import handover, holdings, loading, navigation, permissions, sharing, starts, waiting, work
        from organisation.loading.organisation_nouns import PART
        from organisation.login import second_factor

        # The import's jobs, and the mails about log-in, register what the worker carries out.
        from organisation.services import importing as importing
        from organisation.services import papers as papers
        from organisation.services import passwords as passwords
        from organisation.union.work import union_work
        from organisation.vacancy_work import vacancies_to_fill

        navigation.register(
            navigation.Entry(
                label=_("My work"),
                url_name="home",
                permission=permissions.VIEW_BODY,
                order=10,
                prefix="/",
            )
        )
        navigation.register(
            navigation.Entry(
                label=_("Organisation"),
                url_name="organisation:map",
                permission=permissions.VIEW_BODY,
                order=60,
                prefix="/organisation/",
            )
        )
        # People from outside see their groups and nothing of the organisation.
        for label, url_name, order, prefix in (
            (_("My work"), "home", 10, "/"),
            (_("My groups"), "organisation:groups", 60, "/organisation/groups/"),
        ):
            navigation.register(
                navigation.Entry(
                    label=label,
                    url_name=url_name,
                    permission=permissions.VIEW_GROUP,
                    unless=permissions.VIEW_BODY,
                    order=order,
                    prefix=prefix,
                )
            )
        loading.register(PART)
        second_factor.follow_changes()
        work.register(vacancies_to_fill)
        work.register(waiting.group_work)
        work.register(waiting.matters_waiting)
        work.register(sharing.shared_with_me)
        work.register(handover.waiting)
        handover.register(handover.group_actions)
        work.register(union_work)
        for label, url_name in (
            (_("Ask the employer for something"), "organisation:request_new"),
            (_("Stop dangerous work"), "organisation:stop_new"),
        ):
            starts.register(starts.Start(label=label, url_name=url_name, permission=permissions.FILE_REQUEST))
        holdings.register(holdings.organisation_holdings, *holdings.OWN, order=10)
