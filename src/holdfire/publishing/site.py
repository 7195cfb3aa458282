"""The whole static site of one bulletin, file by file: what the desk writes to a folder.

Four rules hold, and tests/unit/test_site.py tries to break each:

* the same material gives the same files, byte for byte and in the same order;
* every link is relative and leads to a file of the site, so it works from disk;
* every number of the record leads to a page that lists what it rests on;
* `manifest.txt` comes last and names every other file with its digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from holdfire.digests import digest
from holdfire.publishing import exports
from holdfire.publishing.bulletin import Draft, as_json, compose
from holdfire.publishing.drawing.shipped import site_files
from holdfire.publishing.material import Material
from holdfire.publishing.pages.determinations import Determinations
from holdfire.publishing.pages.language import Language
from holdfire.publishing.pages.traces import Traces, listed

MANIFEST = "manifest.txt"


def publish(material: Material) -> Iterator[tuple[str, bytes]]:
    """Yield each file of the site of one period: its path, with `/`, and its bytes.

    Raises:
        HoldfireError: The counts of a report do not add up, or tables of the case do not agree.
    """
    names: list[tuple[str, str]] = []
    for path, content in _files(compose(material)):
        names.append((path, digest(content)))
        yield path, content
    yield MANIFEST, exports.manifest(names)


def _files(draft: Draft) -> Iterator[tuple[str, bytes]]:
    for name, content in sorted(site_files().items()):
        yield f"assets/{name}", content
    languages = [Language(draft, code) for code in draft.bulletin.languages]
    shared: dict[str, str] = {}
    for language in languages:
        yield from language.pages()
        determinations = Determinations(language, shared)
        yield from determinations.pages()
        yield from Traces(language, determinations).pages()
    yield from listed(languages[0])
    yield from sorted(draft.files.items())
    yield "bulletin.json", exports.document(as_json(draft.bulletin))
