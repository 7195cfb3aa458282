"""What the tests of attacks share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from attacks.remembering import remembered
from holdfire.ledger.verifying import ed25519


@pytest.fixture(scope="package", autouse=True)
def _signatures_once() -> Iterator[None]:
    """Work a signature out once: hundreds of bundles carry the same, and it is most of what a check takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ed25519, "_sum_of_two", remembered(ed25519._sum_of_two))
        yield
