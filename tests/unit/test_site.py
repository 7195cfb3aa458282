"""The site: the same bytes each time, links that lead somewhere from disk, every number traced."""

from __future__ import annotations

import posixpath
import re
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from builders import FIRST, a_claim, a_determination, a_material, a_member, an_incident
from holdfire.digests import short
from holdfire.publishing.material import Material, Quote
from holdfire.publishing.site import publish

DETERMINATION = f"determinations/{short('d', '1')}.html"


class Page(HTMLParser):
    """What a test asks of a page: its links, ids, headings, language, and whether its tags balance."""

    VOID = frozenset(("meta", "link", "br", "img", "input", "hr"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.heads: list[int] = []
        self.language, self.direction = "", ""
        self.tags: list[str] = []
        self.tables = self.captions = self.scopes = self.scripts = 0
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        for name in ("href", "src"):
            if given.get(name):
                self.links.append(str(given[name]))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.heads.append(int(tag[1]))
        if tag == "html":
            self.language, self.direction = str(given.get("lang")), str(given.get("dir"))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        self.scopes += "scope" in given
        self.scripts += tag == "script"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)


def several(count: int = 3, **given: object) -> Material:
    numbers = range(1, count + 1)
    outside = {"verdict": "not_covered", "coverage": "excluded_group", "rule": "R2", "change": "other_side"}
    return a_material(
        [a_claim(n, row=n if n % 2 else None, day=FIRST - timedelta(days=n % 2)) for n in numbers],
        [an_incident(n, day=FIRST - timedelta(days=n % 2)) for n in numbers],
        [a_determination(n, **(outside if n % 3 == 0 else {})) for n in numbers],
        [a_member(n) for n in numbers],
        **given,
    )


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    return dict(publish(several(6)))


@pytest.fixture(scope="module")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {path: Page(content.decode()) for path, content in site.items() if path.endswith(".html")}


def test_the_same_material_gives_the_same_files_in_the_same_order() -> None:
    assert list(publish(several(6))) == list(publish(several(6)))


def test_no_path_is_given_twice_and_the_manifest_is_last() -> None:
    paths = [path for path, _ in publish(several(6))]
    assert len(paths) == len(set(paths))
    assert paths[-1] == "manifest.txt"


def test_every_link_is_relative_and_leads_to_a_file_and_an_anchor(
    site: dict[str, bytes], pages: dict[str, Page]
) -> None:
    for path, page in pages.items():
        for link in page.links:
            assert "//" not in link, (path, link)
            assert not link.startswith("/"), (path, link)
            target, _, anchor = link.partition("#")
            where = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert where in site, (path, link)
            if anchor and where in pages and not where.endswith("map.html"):
                assert anchor in pages[where].ids, (path, link)


def test_no_id_is_used_twice_on_a_page(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), path


def test_pages_are_well_formed_and_say_their_language(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert not page.unbalanced, (path, page.unbalanced[:3])
        assert page.open == [], path
        arabic = path.startswith("ar/")
        assert (page.language, page.direction) == (("ar", "rtl") if arabic else ("en", "ltr"))


def test_headings_begin_at_one_and_skip_no_level(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        assert page.heads.count(1) == 1, path
        assert page.heads[0] == 1
        for above, below in pairwise(page.heads):
            assert below <= above + 1, path


def test_tables_have_captions_and_scopes_and_pages_need_no_script(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        if path.endswith("map.html"):
            continue
        assert page.tables == page.captions, path
        assert page.scopes >= 2 * page.tables, path
        assert page.scripts == 0, path
        assert "#main" in page.links


def test_each_page_leads_to_the_same_page_in_the_other_language(
    site: dict[str, bytes], pages: dict[str, Page]
) -> None:
    for path, page in pages.items():
        if path.endswith("map.html"):
            continue
        other = path.removeprefix("ar/") if path.startswith("ar/") else f"ar/{path}"
        here = posixpath.dirname(path)
        reached = {posixpath.normpath(posixpath.join(here, link.partition("#")[0])) for link in page.links}
        assert other in site
        assert other in reached, path


def test_every_figure_leads_to_a_page_that_lists_what_it_rests_on(pages: dict[str, Page]) -> None:
    index = pages["index.html"]
    figures = [link for link in index.links if link.startswith("figures/")]
    assert len(figures) > 100
    for link in figures:
        path, _, name = link.partition("#")
        assert name in pages[path].ids
    traced = [pages[link.partition("#")[0]].links for link in figures]
    assert sum(any(link.startswith("../determinations/") for link in links) for links in traced) > 50


def test_one_language_gives_one_language() -> None:
    paths = [path for path, _ in publish(several(2, languages=("ar",)))]
    assert "index.html" in paths
    assert not any(path.startswith(("ar/", "en/")) for path in paths)


def test_a_determination_page_has_every_part_and_says_which_are_missing(site: dict[str, bytes]) -> None:
    page = dict(publish(a_material()))[DETERMINATION].decode()
    parts = (
        "alleged",
        "occurrence",
        "evidence",
        "positions",
        "attribution",
        "questions",
        "verdict",
        "harm",
        "open",
        "redactions",
        "changes",
        "hash",
    )
    assert [part for part in parts if f'<section id="{part}">' in page] == list(parts)
    for said in (
        "two editors sign a determination before it is verified",
        "A request for a reply: none recorded.",
        "Dissent: none recorded.",
        "Nothing is withheld on this page.",
        "northern guns shelled Alpha",
        "paper-",
        "(a recorder)",
        "2031-05-03T08:00Z",
    ):
        assert said in page, said


def test_a_record_shows_its_fields_and_prose_its_words(site: dict[str, bytes]) -> None:
    record = dict(publish(a_material([a_claim(row=3)])))[DETERMINATION].decode()
    assert "record 3 of dataset-" in record
    assert "<dt>best</dt><dd><bdi>4</bdi></dd>" in record


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        (
            Quote("It was calm.", "Two shells fell.", "no one was hurt."),
            "<mark>Two shells fell.</mark> no one",
        ),
        (Quote("The north denied", "that it fired", ", twice."), "denied <mark>that it fired</mark>, twice."),
        (Quote("It said (", "two fell", ")."), "said (<mark>two fell</mark>)."),
        (Quote("", "Two fell", ""), '<p dir="auto"><mark>Two fell</mark></p>'),
    ],
)
def test_the_words_of_a_claim_stand_apart_from_those_around_them(quote: Quote, shown: str) -> None:
    material = a_material(quotes={short("c", "1"): quote})
    assert shown in dict(publish(material))[DETERMINATION].decode()


def test_a_place_in_latin_letters_does_not_move_the_day_in_an_arabic_heading() -> None:
    made = dict(publish(a_material()))
    arabic, english = (made[f"{root}{DETERMINATION}"].decode() for root in ("ar/", ""))
    assert re.search("<h1>[^<]*\u2068[^<]*\u2069[^<]*2031</h1>", arabic)
    assert "\u2068" not in english


def test_a_report_whose_licence_forbids_it_is_not_reprinted() -> None:
    material = a_material(unquotable=frozenset([a_claim()["report"]]))
    page = dict(publish(material))[DETERMINATION].decode()
    assert "northern guns" not in page
    assert "withheld: licence" in page


def test_a_name_with_markup_in_it_stays_text() -> None:
    material = a_material(incidents=[an_incident(place="<script>alert(1)</script>", admin1="<b>")])
    for path, content in publish(material):
        if path.endswith(".html"):
            assert b"<script>alert" not in content, path
            assert b"<b>" not in content, path


def test_many_incidents_go_to_a_page_for_each_area() -> None:
    count = 401
    numbers = range(1, count + 1)
    areas = {n: ("Alpha", "Beta", "")[n % 3] or None for n in numbers}
    material = a_material(
        [a_claim(n, row=n, admin1=areas[n]) for n in numbers],
        [an_incident(n, admin1=areas[n]) for n in numbers],
        [a_determination(n) for n in numbers],
        [a_member(n) for n in numbers],
        languages=("en",),
    )
    made = dict(publish(material))
    assert [path for path in made if path.startswith("areas/")] == [
        f"areas/incidents-{n:02d}.html" for n in (1, 2, 3)
    ]
    assert len(made["index.html"]) < 1_500_000
    listed = [Page(made[f"areas/incidents-{n:02d}.html"].decode()).links for n in (1, 2, 3)]
    reached = {link for links in listed for link in links if link.startswith("../determinations/")}
    assert len({link.partition("#")[0] for link in reached}) == count


def test_a_basis_too_large_for_a_page_is_a_file_that_adds_up() -> None:
    count = 1_001
    numbers = range(1, count + 1)
    material = a_material(
        [a_claim(n, row=n) for n in numbers],
        [an_incident(n) for n in numbers],
        [a_determination(n) for n in numbers],
        [a_member(n) for n in numbers],
        languages=("en",),
    )
    made = dict(publish(material))
    listed = [
        content for path, content in made.items() if path.endswith(".txt") and path.startswith("figures/")
    ]
    assert listed
    head, *rows = listed[0].decode().splitlines()
    column = head.split("\t").index("killed_low")
    assert len(rows) == count
    assert sum(int(row.split("\t")[column]) for row in rows) == 3 * count


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_period_without_incidents_makes_a_whole_site(language: str) -> None:
    made = dict(publish(a_material([], [], [], [], languages=(language,))))
    page = Page(made["index.html"].decode())
    assert page.heads.count(2) == 12
    assert not page.unbalanced
