"""Small components whose template needs little more than its arguments."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from organisation.templatetags.portal.library import read, register

TONES = ("new", "go", "wait", "done", "late", "off")


def _pairs(items: Iterable[Any]) -> list[dict[str, Any]]:
    """Return (label, url) tuples and objects with those attributes in one shape."""
    return [
        {"label": item[0], "url": item[1]}
        if isinstance(item, tuple | list)
        else {"label": read(item, "label"), "url": read(item, "url"), "current": read(item, "current", False)}
        for item in items
    ]


@register.inclusion_tag("components/mark.html")
def mark() -> dict[str, Any]:
    """The portal's mark: three snow poles."""
    return {}


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(items: Iterable[Any]) -> dict[str, Any]:
    """The way here, without the page itself: (label, url) pairs."""
    return {"items": _pairs(items)}


@register.inclusion_tag("components/page_head.html")
def page_head(title: str, meta: str = "") -> dict[str, Any]:
    """The h1 (a finding or a task) and the line of scope, date and version under it."""
    return {"title": title, "meta": meta}


@register.inclusion_tag("components/links.html")
def links(items: Iterable[Any], *, label: str = "") -> dict[str, Any]:
    """A row of links: views of the same list (``current`` marks the one shown) or files to fetch."""
    return {"items": _pairs(items), "label": label}


@register.inclusion_tag("components/level.html")
def level(severity: int | None, word: str = "", *, number: int | None = None) -> dict[str, Any]:
    """A risk level: one to four poles, the municipality's own word, and the cell's number if given."""
    return {"severity": severity, "word": word, "number": number}


@register.inclusion_tag("components/level_move.html")
def level_move(before: Any, after: Any) -> dict[str, Any]:
    """A level before and after measures; either may be None (not assessed)."""
    return {"before": before, "after": after}


@register.inclusion_tag("components/level_key.html")
def level_key(bands: Iterable[Any]) -> dict[str, Any]:
    """The levels of a scale, in the order given (worst first)."""
    return {"bands": bands}


@register.inclusion_tag("components/level_preview.html")
def level_preview(shown: Any = None) -> dict[str, Any]:
    """The level that the answers so far would give; renewed by htmx as ``#level-preview``."""
    return {"level": shown}


@register.simple_tag
def status(tone: str, text: str) -> SafeString:
    """A status tag; ``tone`` is one of TONES and chooses colour and shape, never the word.

    Without a template of its own, since a list has one in each row. Raises ValueError for another tone: a misspelt one
    would silently look like "off".
    """
    if tone not in TONES:
        raise ValueError(f"Unknown tone {tone!r}: use one of {', '.join(TONES)}.")
    return format_html('<strong class="govuk-tag tp-tag--{}">{}</strong>', tone, text)


@register.inclusion_tag("components/figures.html")
def figures(items: Iterable[Any]) -> dict[str, Any]:
    """Numbers in a row: value, label, url?, change?."""
    return {"items": items}


@register.inclusion_tag("components/work_list.html")
def work_list(items: Sequence[Any], *, heading: str = "", empty: str = "") -> dict[str, Any]:
    """Cards of work: due, title, url, why?, tone? with status?, late?. ``empty`` is said when there are none."""
    return {"items": items, "heading": heading, "empty": empty}


@register.simple_block_tag
def decision(content: SafeString, points: Sequence[str], *, heading: str = "") -> SafeString:
    """The proposed decision in its frame; the block's content is the row of buttons."""
    context = {"points": points, "heading": heading, "buttons": content}
    return render_to_string("components/decision.html", context)


@register.simple_block_tag
def table(content: SafeString, *, caption: str, stack: bool = False, hidden_caption: bool = False) -> SafeString:
    """A table in a region that scrolls; ``stack`` makes a card of each row on a phone.

    The content is thead and tbody; with ``stack`` each row has role="row", each cell role="cell" and a
    data-label, because a stacked table loses its roles otherwise.
    """
    context = {"content": content, "caption": caption, "stack": stack, "hidden_caption": hidden_caption}
    return render_to_string("components/table.html", context)


@register.inclusion_tag("components/pagination.html")
def pagination(
    *, newer_url: str = "", older_url: str = "", newer_text: str = "", older_text: str = ""
) -> dict[str, Any]:
    """Keyset paging: a step towards newer, a step towards older."""
    return {"newer_url": newer_url, "older_url": older_url, "newer_text": newer_text, "older_text": older_text}


@register.inclusion_tag("components/receipt.html")
def receipt(items: Iterable[Any]) -> dict[str, Any]:
    """What the reporter writes down: (term, value) pairs."""
    return {"items": items}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Any]) -> dict[str, Any]:
    """What happens now: title, detail?, done?."""
    return {"items": items}


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Any]) -> dict[str, Any]:
    """What has happened: when, title, who?, text?, url?; newest first."""
    return {"items": items}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    """Questions and answers: key, value, actions?: [{label, url, about}]; no value is said so."""
    rows = [{"key": read(row, "key"), "value": read(row, "value"), "actions": read(row, "actions", ())} for row in rows]
    return {"rows": rows, "any_actions": any(row["actions"] for row in rows)}


@register.inclusion_tag("components/task_list.html")
def task_list(items: Iterable[Any], *, prefix: str = "task") -> dict[str, Any]:
    """Steps of a larger piece of work: title, url?, hint?, tone?, status."""
    return {"items": items, "prefix": prefix}


@register.inclusion_tag("components/progress.html")
def progress(job: Any) -> dict[str, Any]:
    """A long job: how far it has come and what is left.

    ``job`` has title, parts [{title, done, tone? with state?}], poll_url, finished, failed? and waiting?
    (sentences), result_url? with result_text?.

    The page renews ``#progress-parts`` every two seconds; the view may answer with the whole page or
    with ``components/progress_parts.html`` alone (context ``job``).
    """
    return {"job": job}


@register.inclusion_tag("components/progress_parts.html")
def progress_parts(job: Any) -> dict[str, Any]:
    """The part of a job's page that htmx renews."""
    parts = list(read(job, "parts", ()))
    done = sum(1 for part in parts if read(part, "done", False))
    return {"job": job, "parts": parts, "done": done, "all": len(parts)}


@register.inclusion_tag("components/progress_refresh.html")
def progress_refresh(job: Any) -> dict[str, Any]:
    """For the page's head: without script, the page of a running job loads itself again."""
    return {"job": job}


@register.inclusion_tag("components/empty_state.html")
def empty_state(heading: str, text: str = "", *, url: str = "", label: str = "") -> dict[str, Any]:
    """Nothing here (yet), said in words, with the next thing to do if there is one."""
    return {"heading": heading, "text": text, "url": url, "label": label}


@register.inclusion_tag("components/notice.html")
def notice(text: str, *, heading: str = "", tone: str = "info", tag_id: str = "notice") -> dict[str, Any]:
    """A notification banner; ``tone`` is "info", "done" or "warn" (which alone interrupts)."""
    return {"text": text, "heading": heading, "tone": tone, "tag_id": tag_id}


@register.inclusion_tag("components/danger_line.html")
def danger_line() -> dict[str, Any]:
    """In danger? Call 112."""
    return {}


@register.inclusion_tag("components/differences.html")
def differences(rows: Iterable[Any], *, caption: str, theirs: str = "", yours: str = "") -> dict[str, Any]:
    """Two versions beside each other: field, theirs, yours; the column heads may be renamed."""
    return {"rows": rows, "caption": caption, "theirs": theirs, "yours": yours}


# What a person wrote is free text: long enough, and with a space in it.
FREE_TEXT_LENGTH = 20


@register.simple_tag
def typed_texts(request: HttpRequest | None) -> list[str]:
    """Return the free texts of a form that was refused as too old, so that the page can give them back.

    Nothing short, no codes and nothing named as a password is shown again.
    """
    if request is None or request.method != "POST":
        return []
    return [
        value
        for name, value in request.POST.items()
        if isinstance(value, str) and len(value) >= FREE_TEXT_LENGTH and " " in value and "password" not in name
    ]
