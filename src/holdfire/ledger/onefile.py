"""The one file `verify.py`: the modules of `verifying`, joined in the order in which they need each other.

Import lines among them are dropped, those of the standard library stand once at the top, and the rest stays
as it is, so `holdfire verify` and the file that lies in a bundle are one text. tests/attacks runs both
against the same bundles.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.resources import files

from holdfire.errors import HoldfireError

PACKAGE = "holdfire.ledger.verifying"
LAST = "command"
_BLANK = re.compile("\n{4,}")

HEAD = '''#!/usr/bin/env python3
"""Check a bundle of a ceasefire's record: python3 -I verify.py BUNDLE --trust FINGERPRINT

One file, Python 3.8 or newer, the standard library alone, no network. The fingerprint has 64 digits; take it
from paper, from radio or from people you trust, never from where you got the bundle. If you have checked
a bundle before, use the verify.py you have, not the one that came with the new bundle.
Exit code 0: yes. 1: no, with every reason found. 2: asked wrongly.
"""
'''


@cache
def one_file() -> bytes:
    """Return the text of `verify.py`, the same for the same modules.

    Raises:
        HoldfireError: A module imports something else, or two define one name.
    """
    joined = _Joined()
    joined.take(LAST)
    lines = [HEAD, "from __future__ import annotations", "", *sorted(joined.imports)]
    return ("\n".join(lines) + "\n" + "".join(joined.bodies)).encode()


class _Joined:
    """Modules taken so far, each after those it needs."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.imports: set[str] = set()
        self.bodies: list[str] = []
        self.defined: dict[str, str] = {}

    def take(self, name: str) -> None:
        if name in self.taken:
            return
        self.taken.append(name)
        text = files(PACKAGE).joinpath(f"{name}.py").read_text(encoding="utf-8")
        parsed = ast.parse(text)
        dropped: set[int] = set()
        for node in parsed.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._imported(name, node)
                dropped.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
            for defined in _names(node):
                if self.defined.setdefault(defined, name) != name:
                    raise HoldfireError(f"{defined} is defined in {self.defined[defined]} and {name}")
        kept = [line for at, line in enumerate(text.split("\n"), 1) if at not in dropped]
        body = _BLANK.sub("\n\n\n", "\n".join(kept).strip("\n"))
        self.bodies.append(f"\n\n# {'-' * 20} {name}\n{body}\n")

    def _imported(self, name: str, node: ast.Import | ast.ImportFrom) -> None:
        module = node.module if isinstance(node, ast.ImportFrom) else None
        if module == "__future__":
            return
        if any(each.asname for each in node.names):
            raise HoldfireError(f"{name} imports under another name, which one file cannot", PACKAGE)
        if module and module.startswith(PACKAGE + "."):
            self.take(module.removeprefix(PACKAGE + "."))
        elif module is None:
            self.imports.update(f"import {each.name}" for each in node.names)
        else:
            self.imports.update(f"from {module} import {each.name}" for each in node.names)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign):
        targets = [node.target]
    return [each.id for each in targets if isinstance(each, ast.Name)]
