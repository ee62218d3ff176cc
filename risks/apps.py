"""The risks app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RisksConfig(AppConfig):
    name = "risks"
    verbose_name = _("Risks")

    def ready(self) -> None:
        from incidents.disposal import Fate, Held, register
        from organisation import holdings, loading, navigation, oversight, starts
        from risks import permissions
        from risks.holdings import OPEN, risk_holdings
        from risks.loading import PART
        from risks.models import RiskGround
        from risks.oversight import high_risks

        navigation.register(
            navigation.Entry(
                label=_("Risks"),
                url_name="risks:matrix",
                permission=permissions.VIEW_RISK,
                order=30,
                prefix="/risks/",
            )
        )
        starts.register(starts.Start(label=_("Log a risk"), url_name="risks:new", permission=permissions.ADD_RISK))
        loading.register(PART)
        # A risk goes on being grounded by the number of a case that has been disposed of.
        register(Held(RiskGround, Fate.KEPT))
        holdings.register(risk_holdings, OPEN, order=20)
        oversight.register(oversight.Column(label=_("Risks, high or worse"), source=high_risks, order=30))
