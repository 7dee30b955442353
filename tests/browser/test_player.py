"""The player alone, in a real browser: no Jupyter, and a model that notes what is asked of it."""

import json

import numpy as np
import pytest

from tests.needs import need_module

need_module("playwright.sync_api")
need_module("anywidget")

from convlens import explore  # noqa: E402

X = np.arange(20).reshape(4, 5)
W = np.array([[1, -1], [0, 2]])

# Notes every message that Python would have been sent, and every change of the picture.
MOUNTED = """
const bundle = JSON.parse(document.getElementById("bundle").textContent);
const model = { ...standing(bundle), alone: bundle.alone };
window.sent = [];
model.send = (message) => sent.push(message);
model.save_changes = () => sent.push(model.get("at"));
window.model = model;
const el = document.getElementById("here");
window.leave = mount(el, model);
window.changes = [];
new MutationObserver((seen) => changes.push(el.querySelector(".moving svg") !== null))
  .observe(el.querySelector(".moving"), { childList: true });
window.mounted = true;
"""


def mounted(page, explorer, *, table=True, alone=False):
    """Show an explorer; with `table`, all its pictures are sent with it."""
    bundle = {"panel": explorer.panel, "state": explorer.state, "still": explorer.still}
    bundle |= {"ahead": explorer.table(seconds=60) if table else {}, "alone": alone}
    held = json.dumps(bundle).replace("<", "\\u003c")
    page.set_content(
        f"<!doctype html><html lang=en><title>convlens</title><style>{explorer._css}</style>"
        f"<main><h1>Explorer</h1><div id=here></div></main>"
        f"<script id=bundle type=application/json>{held}</script>"
        f"<script type=module>{explorer._esm}{MOUNTED}</script>"
    )
    page.wait_for_function("window.mounted")
    return page


def label(page):
    return page.locator(".moving svg").get_attribute("aria-label")


def test_every_tabled_state_is_shown_without_a_word_to_python(page):
    explorer = explore.window(X, W)
    mounted(page, explorer)
    for row in range(3):
        for column in range(4):
            page.get_by_label("row", exact=True).fill(str(row))
            page.get_by_label("column", exact=True).fill(str(column))
            explorer.move(row=row, column=column)
            assert label(page) == explorer.picture.label
            assert page.locator(".moving").inner_html().count("<rect") == explorer.state[
                "svg"
            ].count("<rect")
            assert page.locator(".code").inner_text() == "".join(t for t, _ in explorer.lines[0])
    assert page.evaluate("sent") == []


def test_one_change_of_the_picture_for_each_move_and_never_none(page):
    mounted(page, explore.window(X, W))
    for row in (1, 2, 0):
        page.get_by_label("row", exact=True).fill(str(row))
    page.wait_for_timeout(50)
    assert page.evaluate("changes") == [True] * 3


@pytest.mark.parametrize(
    ("key", "row"), [("ArrowRight", 2), ("ArrowLeft", 0), ("End", 2), ("Home", 0)]
)
def test_keys_move_a_slider_and_the_page_does_not_hear_them(page, key, row):
    mounted(page, explore.window(X, W, at=(1, 1)))
    page.evaluate("document.addEventListener('keydown', () => { window.heard = true; })")
    page.get_by_label("row", exact=True).press(key)
    assert f"y[{row}, 1]" in label(page)
    assert page.get_by_label("row", exact=True).get_attribute("aria-valuetext") == f"row {row} of 2"
    assert page.evaluate("window.heard") is None


def test_a_bound_that_follows_another_control_is_where_drag_and_keys_end(page):
    explorer = explore.receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2))
    mounted(page, explorer)
    column = page.get_by_label("column", exact=True)
    column.press("End")
    page.get_by_label("layer", exact=True).press("Home")  # layer 1: 4 by 6
    explorer.move(column=2)
    explorer.move(layer=1)
    assert label(page) == explorer.picture.label
    assert column.get_attribute("max") == "5"
    column.press("End")
    assert "(3, 5) of layer 1" in label(page)


def test_what_cannot_act_is_disabled(page):
    mounted(page, explore.window([[1, 2, 3]], [[1, 1]]))
    assert page.get_by_label("row", exact=True).is_disabled()
    assert page.get_by_label("column", exact=True).is_enabled()


def test_python_is_asked_once_for_each_move_with_all_that_the_controls_say(page):
    mounted(page, explore.window(X, W), table=False)
    page.get_by_label("row", exact=True).fill("2")
    page.get_by_label("column", exact=True).fill("1")
    asked = [message for message in page.evaluate("sent") if "number" in message]
    moved = {"moved": "column", "before": 0, "number": 2}
    assert asked[-1] == {"values": {"row": 2, "column": 1}, **moved}
    assert len(asked) == 2


def test_an_older_answer_moves_no_control(page):
    explorer = explore.window(X, W)
    mounted(page, explorer, table=False)
    for row in (1, 2):
        page.get_by_label("row", exact=True).fill(str(row))
    explorer.move(row=1)
    page.evaluate("state => model.set('state', state)", {**explorer.state, "number": 1})
    assert label(page) == explorer.picture.label
    assert page.get_by_label("row", exact=True).input_value() == "2"
    explorer.move(row=2)
    page.evaluate("state => model.set('state', state)", {**explorer.state, "number": 2})
    assert label(page) == explorer.picture.label


def test_a_reader_who_waits_is_told_that_python_is_busy(page):
    mounted(page, explore.window(X, W), table=False)
    page.get_by_label("row", exact=True).fill("1")
    page.get_by_role("status").filter(has_text="Python is busy").wait_for(timeout=3000)


def test_the_state_is_said_at_rest_and_python_hears_of_it_when_the_reader_leaves(page):
    mounted(page, explore.window(X, W))
    page.get_by_role("status").filter(has_text="y[0, 0]").wait_for(timeout=3000)
    page.get_by_label("row", exact=True).fill("1")
    page.get_by_role("status").filter(has_text="y[1, 0]").wait_for(timeout=3000)
    page.get_by_label("row", exact=True).focus()
    page.get_by_label("column", exact=True).focus()
    assert page.evaluate("sent") == []
    page.evaluate("document.activeElement.blur()")
    assert [message["values"] for message in page.evaluate("sent")] == [{"row": 1, "column": 0}]


def test_without_python_nothing_is_asked_and_what_is_unknown_is_not_gone_to(page):
    explorer = explore.window(X, W)
    mounted(page, explorer, table=False, alone=True)
    page.get_by_label("row", exact=True).fill("1")
    page.wait_for_timeout(400)
    assert page.evaluate("sent") == []
    assert label(page) == explorer.picture.label
    assert page.get_by_label("row", exact=True).input_value() == "0"


def test_a_click_on_another_layer_goes_to_that_cell(page):
    explorer = explore.receptive_field([(3,), (2, 2)], (6, 8), at=(1, 2))
    for table in (True, False):
        mounted(page, explorer, table=table, alone=table)
        layer = page.locator("[data-go*='layer 1']")  # beneath the one that is shown
        rows, columns = map(int, layer.get_attribute("data-cells").split())
        box = layer.bounding_box()
        at = {"x": box["width"] * (columns - 0.5) / columns, "y": box["height"] * 0.5 / rows}
        layer.click(position=at, force=True)
        values = page.evaluate("model.get('at').values")
        assert (values["layer"], values["row"], values["column"]) == (1, 0, columns - 1)


def spot(page, name):
    """The middle of the first cell that holds this, on the screen."""
    return page.evaluate(
        """name => {
            for (const spot of document.querySelectorAll("[data-link]")) {
                const k = spot.dataset.link.split(" ").indexOf(name);
                if (k < 0) continue;
                const [rows, columns] = spot.dataset.cells.split(" ");
                const box = spot.getBoundingClientRect();
                return [box.left + box.width * (k % columns + 0.5) / columns,
                        box.top + box.height * (Math.floor(k / columns) + 0.5) / rows];
            }
        }""",
        name,
    )


def test_a_click_on_an_output_cell_goes_there(page):
    mounted(page, explore.window(X, W))
    page.mouse.click(*spot(page, "y6"))
    assert "y[1, 2]" in label(page)
    assert page.get_by_label("column", exact=True).input_value() == "2"


def test_the_window_is_dragged_and_no_text_is_selected(page):
    mounted(page, explore.window(X, W))
    page.mouse.move(*spot(page, "x6"))
    page.mouse.down()
    page.mouse.move(*spot(page, "x18"), steps=5)
    page.mouse.up()
    assert "y[2, 3]" in label(page)
    page.mouse.move(*spot(page, "x0"))
    assert "y[2, 3]" in label(page)
    assert page.evaluate("getSelection().toString()") == ""


def test_a_click_finds_a_window_that_holds_the_cell(page):
    mounted(page, explore.window(np.arange(36).reshape(6, 6), W, stride=2))
    for cell in range(36):
        page.mouse.click(*spot(page, f"x{cell}"))
        assert f"y[{cell // 6 // 2}, {cell % 6 // 2}]" in label(page)


def test_a_finger_moves_the_window(browser):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = mounted(context.new_page(), explore.window(X, W))
    page.evaluate("document.querySelector('.layers').scrollLeft = 900")  # within its own box
    page.touchscreen.tap(*spot(page, "y5"))
    assert "y[1, 1]" in label(page)
    context.close()


def test_the_same_number_lights_up_wherever_it_stands(page):
    mounted(page, explore.index_grid(X, W))
    page.mouse.move(*spot(page, "x6"))
    held = page.evaluate(
        "[...document.querySelectorAll('[data-link]')].flatMap(s => s.dataset.link.split(' '))"
        ".filter(names => names.split('+').includes('x6')).length"
    )
    assert held >= 4  # image, grid rows, values taken, memory
    assert page.locator(".lit rect").count() == held
    page.mouse.move(1, 1)
    assert page.locator(".lit rect").count() == 0


def test_a_word_of_code_lights_up_its_mark_and_the_mark_its_word(page):
    mounted(page, explore.window(X, W))
    page.locator(".code .kernel").first.hover()
    assert page.locator(".lit rect").count() == 1
    page.mouse.move(*spot(page, "x0"))
    assert page.locator(".code .window.lit").count() >= 1
    assert page.locator(".code .kernel.lit").count() == 0


def test_play_goes_through_every_place_and_rests_at_the_last(page):
    mounted(page, explore.window(X[:2, :4], W))
    page.get_by_label("Speed").select_option("4")
    page.get_by_role("button", name="Play", exact=True).click()
    assert page.get_by_role("button", name="Pause").count() == 1
    page.get_by_role("button", name="Play", exact=True).wait_for(timeout=5000)
    assert "y[0, 2]" in label(page)
    assert len(page.evaluate("changes")) == 2
    page.get_by_role("button", name="One step back").click()
    assert "y[0, 1]" in label(page)
    page.get_by_role("button", name="One step on").click()
    assert "y[0, 2]" in label(page)
    page.get_by_role("button", name="Back to the beginning").click()
    assert "y[0, 0]" in label(page)


def test_steps_go_on_in_the_next_row(page):
    mounted(page, explore.window(X, W, at=(0, 3)))
    page.get_by_role("button", name="One step on").click()
    assert "y[1, 0]" in label(page)


def test_the_lines_are_copied_as_python_runs_them(page):
    explorer = explore.index_grid(X, W)
    mounted(page, explorer)
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    wanted = "\n".join("".join(text for text, _ in line) for line in explorer.lines)
    assert page.evaluate("getSelection().toString()").strip() == wanted


def test_weights_are_typed_and_dragged(page):
    mounted(page, explore.filter(np.arange(64.0).reshape(8, 8) / 64), table=False)
    weight = page.get_by_role("spinbutton").nth(1)
    assert weight.get_attribute("aria-label") == "weights, row 0, column 1"
    weight.fill("-2.5")
    assert page.evaluate("model.get('at').values.weights[0]") == [0, -2.5, 0]
    box = page.get_by_role("spinbutton").nth(4).bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 20 + 17, box["y"] + 10, steps=4)
    page.mouse.up()
    assert page.evaluate("model.get('at').values.weights[1]") == [0, 3, 0]


def test_a_pixel_is_looked_at_without_a_press(page):
    explorer = explore.filter(np.arange(64.0).reshape(8, 8) / 64)
    mounted(page, explorer, table=False)
    box = page.locator("[data-hover]").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.1)
    asked = page.evaluate("model.get('at').values")
    assert (asked["row"], asked["column"]) == (0, 7)


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_serious_is_wrong_for_readers_who_hear_or_magnify(page, dark):
    axe = need_module("axe_playwright_python.sync_playwright").Axe()
    mounted(page, explore.window(np.stack([X, X]), np.stack([[W, W]] * 2)))
    if dark:
        page.add_style_tag(content="html { color-scheme: dark; background: #111; color: #eee; }")
    found = axe.run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_the_colours_of_code_are_those_of_the_picture():
    from convlens import palette

    for colour in (palette.WINDOW, palette.KERNEL, palette.OUTSIDE):
        assert colour.lower() in explore.Explorer._css


def test_it_leaves_nothing_behind(page):
    mounted(page, explore.window(X, W))
    page.evaluate("leave()")
    assert page.locator("#here").inner_html() == ""
