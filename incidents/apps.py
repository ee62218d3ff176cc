"""The incidents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    name = "incidents"
    verbose_name = _("Cases")

    def ready(self) -> None:
        # The notices register what the outbox carries out.
        from incidents import escalation_notices as escalation_notices
        from incidents import notices as notices
        from incidents import permissions
        from incidents import support_notices as support_notices
        from incidents.clocks.loading import PART
        from incidents.clocks.work import clocks_running
        from incidents.disposal import register
        from incidents.disposal.tables import TABLES
        from incidents.disposal.work import disposals_waiting
        from incidents.escalation import escalations_waiting
        from incidents.handover import open_cases
        from incidents.holdings import ALL, OPEN, case_holdings
        from incidents.loading import QUESTIONS
        from incidents.services import disposing as disposing
        from incidents.services import exporting as exporting
        from incidents.services import importing as importing
        from incidents.sharing import CASES
        from incidents.support import support_waiting
        from incidents.waiting import cases_waiting, messages_waiting, tasks_waiting
        from organisation import handover, holdings, loading, navigation, saved_filters, sharing, starts, work

        navigation.register(
            navigation.Entry(
                label=_("Cases"),
                url_name="incidents:inbox",
                permission=permissions.VIEW_INCIDENT,
                order=20,
                prefix="/incidents/",
            )
        )
        starts.register(
            starts.Start(
                label=_("Report what has happened"),
                url_name="report:choose",
                permission=permissions.REPORT_INCIDENT,
            )
        )
        starts.register(
            starts.Start(
                label=_("See what you have reported"),
                url_name="incidents:mine",
                permission=permissions.REPORT_INCIDENT,
            )
        )
        starts.register(
            starts.Start(
                label=_("See how it went at your workplace"),
                url_name="incidents:outcomes",
                permission=permissions.REPORT_INCIDENT,
            )
        )
        starts.register(
            starts.Start(
                label=_("See the figures of cases"),
                url_name="incidents:figures",
                permission=permissions.VIEW_STATISTICS,
            )
        )
        starts.register(
            starts.Start(
                label=_("Enter a report for somebody else"),
                url_name="incidents:enter_where",
                permission=permissions.ENTER_REPORT,
            )
        )
        starts.register(
            starts.Start(
                label=_("Look in the register of cases"),
                url_name="incidents:register",
                permission=permissions.VIEW_REGISTER,
            )
        )
        starts.register(
            starts.Start(
                label=_("See who has read which case"),
                url_name="incidents:readings",
                permission=permissions.VIEW_READ_LOG,
            )
        )
        starts.register(
            starts.Start(
                label=_("See the record of processing"),
                url_name="incidents:protection",
                permission=permissions.VIEW_READ_LOG,
            )
        )
        starts.register(
            starts.Start(
                label=_("Collect what is held about a person"),
                url_name="incidents:person_exports",
                permission=permissions.EXPORT_PERSON,
            )
        )
        starts.register(
            starts.Start(
                label=_("Import cases from another system"),
                url_name="incidents:imports",
                permission=permissions.IMPORT_CASES,
            )
        )
        starts.register(
            starts.Start(
                label=_("See how long cases are kept"),
                url_name="incidents:retention",
                permission=permissions.PROPOSE_DISPOSAL,
            )
        )
        starts.register(
            starts.Start(
                label=_("See proposals to dispose of cases"),
                url_name="incidents:disposals",
                permission=permissions.DECIDE_DISPOSAL,
            )
        )
        starts.register(
            starts.Start(
                label=_("See the deductible fund"),
                url_name="incidents:fund",
                permission=permissions.VIEW_FUND,
            )
        )
        register(*TABLES)
        work.register(escalations_waiting)
        starts.register(
            starts.Start(
                label=_("Print posters for workplaces"),
                url_name="incidents:posters",
                permission=permissions.PRINT_POSTER,
            )
        )
        work.register(cases_waiting)
        work.register(tasks_waiting)
        work.register(messages_waiting)
        saved_filters.register(saved_filters.FilteredList("incidents:inbox", _("Cases")))
        work.register(clocks_running)
        loading.register(PART)
        loading.register(QUESTIONS)
        work.register(support_waiting)
        work.register(disposals_waiting)
        sharing.register(CASES)
        handover.register(open_cases)
        holdings.register(case_holdings, OPEN, ALL, order=40)
