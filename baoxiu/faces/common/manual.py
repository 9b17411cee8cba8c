"""The manual inside the product: the pages of `docs/` in the reader's language, addresses of the product as links."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from baoxiu.faces.common.audience import STAFF, audience
from baoxiu.faces.common.display import is_chinese

if TYPE_CHECKING:
    from markdown_it.token import Token

# beside the code in a checkout, inside it in a wheel
HERE = Path(__file__).resolve()
DOCS = next((p for p in (HERE.parents[3] / "docs", HERE.parents[2] / "manual") if p.is_dir()), HERE.parent)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[0-9][a-z]?)?")
COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
WIDE = '<div class="table-responsive" tabindex="0" role="region" aria-label="{}"><table class="table">'


@audience(*STAFF)
@require_safe
def page(request: HttpRequest, name: str = "index") -> HttpResponse:
    """One page; the contents without a name."""
    title, html = rendered(_file(name), "zh" if is_chinese() else "en")
    return render(request, "common/manual.html", {"title": title, "html": html, "name": name})


@audience(*STAFF)
@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    file = DOCS / "img" / name
    if not re.fullmatch(r"[a-z-]+\.png", name) or not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), content_type="image/png")


def _file(name: str) -> Path:
    """Raises Http404."""
    folder = DOCS / ("zh" if is_chinese() else "en")
    file = DOCS / "house.md" if name == "house" else folder / f"{name}.md"
    if not NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return file


@lru_cache(maxsize=64)
def rendered(file: Path, language: str) -> tuple[str, Markup]:
    """Title and body."""
    from markdown_it import MarkdownIt  # here: a worker whose readers need no manual does not hold it

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(COMMENT.sub("", file.read_text(encoding="utf-8")))
    title = tokens[1].content
    for token in tokens[3:]:
        token.children = _linked(token.children) if token.children else token.children
    html = reader.renderer.render(tokens[3:], reader.options, {})
    return title, Markup(
        html.replace("<table>", WIDE.format(escape(title))).replace("</table>", "</table></div>")
    )


def _linked(children: list[Token]) -> list[Token]:
    """Links between pages and to pictures lead into the product; an address in its code font is a link, too."""
    from markdown_it.token import Token

    found, inside = [], False
    for before, token, after in zip([None, *children], children, [*children[1:], None], strict=False):
        if token.type == "softbreak" and before and after and _joins(before.content[-1:], after.content[:1]):
            continue
        inside = token.type == "link_open" or (inside and token.type != "link_close")
        href = str(token.attrs.get("href", ""))
        if href.endswith(".md"):
            token.attrs["href"] = reverse("common:manual-page", args=[Path(href).stem])
        if token.type == "image":
            token.attrs["src"] = reverse("common:manual-picture", args=[Path(str(token.attrs["src"])).name])
        if token.type == "code_inline" and not inside and _leads_somewhere(token.content):
            found += [
                Token("link_open", "a", 1, attrs={"href": token.content}),
                token,
                Token("link_close", "a", -1),
            ]
        else:
            found.append(token)
    return found


def _joins(left: str, right: str) -> bool:
    """A line broken between two Chinese characters leaves no space."""
    return bool(left and right) and min(left, right) >= "\u2e80"


def _leads_somewhere(address: str) -> bool:
    if not re.fullmatch(r"/(?!api/)[a-z/-]+/", address):
        return False
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
