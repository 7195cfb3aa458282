"""What came from npm is what was pinned, and its licences are beside it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from holdfire.publishing.drawing.shipped import SITE, site_files


@pytest.fixture(scope="module")
def vendor(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", root / "scripts" / "vendor.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_file_is_the_one_that_is_pinned(vendor: ModuleType) -> None:
    assert vendor.differing(json.loads(vendor.PINS.read_text("utf-8"))) == []
    assert vendor.main(["--check"]) == 0


def test_a_changed_file_is_found(vendor: ModuleType) -> None:
    pins = json.loads(vendor.PINS.read_text("utf-8"))
    kept = pins["packages"][0]["files"][0]
    kept["sha256"] = "0" * 64
    assert vendor.differing(pins) == [kept["to"]]


def test_every_package_is_pinned_and_brings_its_licence(vendor: ModuleType) -> None:
    pins = json.loads(vendor.PINS.read_text("utf-8"))
    for package in (*pins["packages"], *pins["tools"]):
        assert package["integrity"].startswith("sha512-")
        assert package["licence"]
    for package in pins["packages"]:
        licences = [f["to"] for f in package["files"] if "LICENSE" in f["to"]]
        assert licences, package["name"]


def test_no_file_is_kept_that_is_not_pinned(vendor: ModuleType) -> None:
    pins = json.loads(vendor.PINS.read_text("utf-8"))
    named = {kept["to"] for package in pins["packages"] for kept in package["files"]}
    kept = {
        p.relative_to(vendor.ASSETS).as_posix() for p in (vendor.ASSETS / "vendor").rglob("*") if p.is_file()
    }
    assert kept == named


def test_a_site_gets_what_its_pages_name() -> None:
    found = site_files()
    assert set(found) == set(SITE)
    assert all(found.values())
    assert b"sourceMappingURL" not in found["maplibre-gl.js"]
    assert sum(len(content) for content in found.values()) < 2_000_000
