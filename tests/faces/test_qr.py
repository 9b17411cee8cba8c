"""QR codes as drawings."""

import xml.etree.ElementTree as ET

from baoxiu.faces.common import qr


def test_a_code_is_a_plain_svg_as_large_as_its_box():
    drawn = qr.svg("https://service.example.com/u/8Zk/", border=4)
    root = ET.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("viewBox")
    assert root.get("width") is None
    assert "style" not in drawn
    assert "script" not in drawn


def test_a_short_text_is_no_micro_code_that_scanners_of_parcels_miss():
    smallest = 21  # modules of version 1
    assert ET.fromstring(qr.svg("BX-1")).get("viewBox") == f"0 0 {smallest} {smallest}"
