"""What holds for every picture of every explorer, and from one picture to the next."""

from xml.etree import ElementTree

from tests.explore import contract, layout
from tests.explore.sweep import sent, sweep

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {SVG + name for name in ("svg", "g", "rect", "text", "path", "image")}
LARGEST, HIGHEST = 150_000, 520


def well_formed(explorer):
    svg, still = sent(explorer), explorer.picture.still()
    assert len(svg) <= LARGEST
    root = ElementTree.fromstring(svg)
    for layer in (root, ElementTree.fromstring(still)) if still else (root,):
        elements = list(layer.iter())
        assert {e.tag for e in elements} <= ALLOWED
        assert not any("id" in e.attrib for e in elements)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == explorer.picture.label
    assert "<image" not in svg


class Steady:
    """Check each picture of one explorer that it is called with; nothing may jump between them.

    With `apart`, no two texts may collide: asked of typical arrays, not of the extreme ones.
    """

    def __init__(self, apart):
        self.apart, self.heights, self.titles = apart, set(), set()

    def __call__(self, explorer):
        p = explorer.picture
        assert p.height <= HIGHEST, "it must fit on a laptop's screen"
        well_formed(explorer)
        assert layout.outside_the_page(p) == []
        written = layout.ground(p)
        assert layout.unreadable(written) == []
        assert layout.too_wide_for_their_tile(written) == []
        if self.apart:
            assert layout.colliding_texts(written) == []
        contract.keep(p)
        self.heights.add(p.height)
        self.titles.add(frozenset(layout.panels(p)))

    def assert_nothing_jumped(self):
        assert len(self.heights) == 1, "the picture jumps"
        assert len(self.titles) == 1, "the panels jump"


def assert_steady(explorer, most=5):
    """Move every control: each picture is true and well laid out, and nothing jumps."""
    steady = Steady(apart=True)
    steady(explorer)
    sweep(explorer, steady, most)
    steady.assert_nothing_jumped()
