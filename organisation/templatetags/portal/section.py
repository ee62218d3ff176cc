"""The row of pages above each page of the organisation's section."""

from typing import Any

from django.template import RequestContext

from organisation.access import Scope
from organisation.section import section_links
from organisation.templatetags.portal.library import register


@register.inclusion_tag("components/section.html", takes_context=True)
def organisation_section(context: RequestContext, current: str = "") -> dict[str, Any]:
    """The pages of the section that the person may see; ``current`` is the URL's name of the one that is open."""
    return {"items": section_links(Scope.of(context["request"].user), current)}
