"""How a refusal is appealed: the portal's own words, or the municipality's where it has written some."""

from django.utils.translation import gettext as _

from organisation.models import Ruleset


def appeal_lines(rules: Ruleset, authority: str) -> list[str]:
    """Return the paragraphs that follow a refusal, in the language in force.

    To the administrative court of appeal (TF 2:19, OSL 6:7), in writing and handed in to the ``authority`` that
    decided, within three weeks from the day on which the one who asked was given the decision (FL 43-44 §§). The
    municipality's own words are taken from its rules (``appeal``), as text or as a list of paragraphs.
    """
    own = rules.settings.get("appeal")
    if own:
        return [str(line) for line in own] if isinstance(own, list) else str(own).split("\n\n")
    return [
        _("You can appeal this decision to the administrative court of appeal (kammarrätten)."),
        _("Write which decision you appeal, how you want it changed and why. State how the court can reach you."),
        _("Send or hand in your letter to %(authority)s, not to the court.") % {"authority": authority},
        _("It must have come in within three weeks from the day on which you were given the decision."),
        _("%(authority)s checks that it came in time and sends it on to the court, if the decision is not changed.")
        % {"authority": authority},
    ]
