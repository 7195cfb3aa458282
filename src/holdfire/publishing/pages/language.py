"""The pages of one language, but for determinations and traces: the bulletin itself, its areas, its map.

Everything a page says comes from the bulletin; this module only asks templates to lay it out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from holdfire.publishing.bulletin import Draft
from holdfire.publishing.entries import Entry
from holdfire.publishing.pages.lexicon import lexicon
from holdfire.publishing.pages.pictures import Drawings
from holdfire.publishing.pages.typeset import Typesetter, markup
from holdfire.publishing.sections.incidents import paragraphs, sides, where
from holdfire.publishing.values import Block, Drawing, Elsewhere, Listing, OwnRange


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates, compiled once; what is not markup is escaped, and a missing value is an error."""
    return Environment(
        loader=PackageLoader("holdfire.publishing", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=False,
        auto_reload=False,
    )


class Language:
    """The pages of one language.

    Args:
        draft: The bulletin.
        language: Its code; the first of the bulletin's languages stands at the root of the site.
    """

    def __init__(self, draft: Draft, language: str) -> None:
        self.draft = draft
        self.code = language
        self.words = lexicon(language)
        self.root = "" if language == draft.bulletin.languages[0] else f"{language}/"
        self.ids = frozenset(draft.issue.by_id)
        self.drawings = Drawings(draft, self)
        self._typesetters: dict[int, Typesetter] = {}
        self._rows: dict[tuple[str, str], str] = {}

    def typesetter(self, depth: int) -> Typesetter:
        """Return the typesetter of pages that lie `depth` folders below the root of the language."""
        if depth not in self._typesetters:
            here = "../" * depth
            top = here + ("../" if self.root else "")
            zone = self.draft.issue.material.zone
            self._typesetters[depth] = Typesetter(self.words, zone, here, top, self.ids)
        return self._typesetters[depth]

    def others(self, path: str) -> list[tuple[str, str, str]]:
        """Return the same page in the other languages: code, link, name in that language."""
        depth = path.count("/")
        up = "../" * (depth + (1 if self.root else 0))
        first = self.draft.bulletin.languages[0]
        return [
            (code, f"{up}{'' if code == first else code + '/'}{path}", lexicon(code).code("language", code))
            for code in self.draft.bulletin.languages
            if code != self.code
        ]

    def frame(self, path: str, heading: Any, crumbs: Sequence[tuple[str, Any]] = ()) -> dict[str, Any]:
        """Return what every page has: its heading, the way back, the other languages, the foot."""
        bulletin = self.draft.bulletin
        t = self.typesetter(path.count("/"))
        title, _ = self.words.words(bulletin.title)
        kicker = self.words.label("bulletin_number").format(number=bulletin.number, version=bulletin.version)
        days = self.words.span(bulletin.first, bulletin.last)
        footer = self.words.sentence("footer").format(version=self.draft.issue.material.software)
        return {
            "t": t,
            "p": Parts(self, t),
            "title": f"{markup(str(heading)).striptags()} – {title}" if crumbs else f"{title}: {days}",
            "heading": heading,
            "kicker": f"{kicker} · {days}" if not crumbs else f"{title} · {kicker} · {days}",
            "crumbs": crumbs,
            "others": self.others(path),
            "footer": footer,
        }

    def render(self, template: str, path: str, **values: Any) -> tuple[str, bytes]:
        """Return a page: its path in the site, and its bytes."""
        written = environment().get_template(template).render(values)
        return self.root + path, written.encode()

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Yield the bulletin, the pages of its areas, and its map."""
        bulletin = self.draft.bulletin
        title, _ = self.words.words(bulletin.title)
        yield self.render("index.html", "index.html", **self.frame("index.html", title), bulletin=bulletin)
        for section in bulletin.sections:
            for block in section.blocks:
                for listing in block.listings if isinstance(block, Elsewhere) else ():
                    yield self._area(listing, section.key)
        yield from self.drawings.map_page()

    def home(self, depth: int) -> tuple[str, Any]:
        """Return the link from a page back to the bulletin."""
        return ("../" * depth + "index.html", self.words.label("bulletin"))

    def _area(self, block: Listing, section: str) -> tuple[str, bytes]:
        by_id = self.draft.issue.by_id
        entries = [by_id[name] for name in block.ids]
        frame = self.frame(block.page, Parts(self, self.typesetter(1)).listing_head(block), [self.home(1)])
        months: list[tuple[str, tuple[str, ...], Sequence[Block]]] = []

        def month(entry: Entry) -> tuple[int, int]:
            return (entry.day.year, entry.day.month) if entry.day else (0, 0)

        for _, group in groupby(entries, key=month):
            listed = list(group)
            days = [e.day for e in listed if e.day]
            head = f"{self.words.span(min(days), max(days))} ({self.words.counted('incident', len(listed))})"
            told = paragraphs(self.draft.issue, listed) if section == "incidents" else ()
            months.append((head, tuple(e.id for e in listed), [b for b in told if not _is_none(b)]))
        return self.render("area.html", block.page, **frame, months=months)


def _is_none(block: Block) -> bool:
    return getattr(block, "key", "") == "no_breach_or_dispute"


class Parts:
    """What templates ask of a page besides setting a value."""

    def __init__(self, language: Language, t: Typesetter) -> None:
        self.language = language
        self.t = t

    @staticmethod
    def kind(block: Block) -> str:
        """Return which macro lays a block out."""
        return type(block).__name__.lower()

    def drawing(self, block: Drawing) -> Markup:
        """Return a chart or a map."""
        return self.language.drawings.draw(block, self.t)

    def slug(self, area: str) -> str:
        """Return an anchor for an area: its letters and digits, so that links to it stay short."""
        return "".join(c if c.isalnum() else "-" for c in area.lower()) or "unknown"

    def listing_head(self, block: Listing) -> str:
        """Return the head of a listing: its area and how many incidents it has."""
        words = self.language.words
        area = str(self.t.show(self.language.draft.issue.area(block.area)).striptags())
        count = words.counted("incident", len(block.ids))
        return words.sentence(f"listing_{block.key}").format(area=area, count=count)

    def badge(self, name: str) -> Markup:
        """Return the verdict of a determination."""
        verdict = self.language.draft.issue.by_id[name].verdict
        return _badge(self.language, verdict)

    def rows(self, ids: Sequence[str], head: str) -> Markup:
        """Return incidents as a table, a row each, past sixty of them folded."""
        label = self.t.label
        names = ("when", "place", "act", "parties", "verdict", "killed", "claims", "determination")
        heads = "".join(f'<th scope="col">{label(name)}</th>' for name in names)
        body = "\n".join(self._row(name) for name in ids)
        table = (
            f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(head)}">'
            f'<table class="data cards"><caption class="unseen">{escape(head)}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>\n{body}\n</tbody></table></div>"
        )
        return markup(table)

    def _row(self, name: str) -> str:
        made = self.language._rows
        key = (name, self.t.here)
        if key not in made:
            made[key] = self._made(self.language.draft.issue.by_id[name])
        return made[key]

    def _made(self, entry: Entry) -> str:
        t, issue = self.t, self.language.draft.issue
        words = self.language.words
        when = escape(t.between(entry.start, entry.end))
        if entry.wide:
            when += Markup(' <span class="status">%s</span>') % words.sentence("wide_mark")
        harm = OwnRange(entry.killed_low, entry.killed_best, entry.killed_high, entry.id)
        cells = (
            ("when", when),
            ("place", t.show(where(issue, entry))),
            ("act", escape(words.code("act", entry.act))),
            ("parties", self._sides(entry)),
            ("verdict", _badge(self.language, entry.verdict)),
            ("killed", t.show(harm)),
            ("claims", words.counted("claim", entry.claims)),
        )
        told = "".join(
            f'<td data-label="{t.label(name)}"><span>{cell}</span></td>' for name, cell in cells[1:]
        )
        return (
            f'<tr><th scope="row" data-label="{t.label("when")}">{cells[0][1]}</th>{told}'
            f'<td data-label="{t.label("determination")}">{t.determination(entry.id)}</td></tr>'
        )

    def _sides(self, entry: Entry) -> Markup:
        one, other = sides(self.language.draft.issue, entry)
        mark = " → " if entry.directed else " – "
        if self.language.words.direction == "rtl":
            mark = " ← " if entry.directed else " – "
        return Markup("<span>%s%s%s</span>") % (self.t.show(one), mark, self.t.show(other))


def _badge(language: Language, verdict: str) -> Markup:
    word = language.words.code("verdict", verdict)
    return Markup('<span class="verdict %s">%s</span>') % (verdict, word)
