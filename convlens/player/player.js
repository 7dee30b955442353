// The player: named controls, a picture that can be touched, and the NumPy lines under it.
//
// It draws nothing of its own and knows no convolution. Python describes the controls and draws every
// picture; where all of them are few they are sent once, and no move has to wait for Python.
//
// What the model holds:
//   panel   what never changes: name, caption, controls by key, and those to play through
//   state   what is shown: values, ends (least and greatest value by key), svg, code, number
//   still   photographs, beneath the picture
//   ahead   settings that may be shown next: {parts, states, jumps?, whole?}
//   at      what the page asks for: {values, moved, before, number}, where `moved` was `before`

const REST = 250; // ms without a move: time to speak, and to look ahead
const PATIENCE = 800; // ms until the reader is told that Python is busy
const TICK = 600; // ms between two steps of a play at speed 1
const LONGEST = 400; // steps of a play; a longer way is played in larger ones

export default { render: ({ model, el }) => mount(el, model) };

/** Show an explorer in an element; return what takes it down again. */
export function mount(el, model) {
  const player = new Player(el, model);
  return () => player.leave();
}

/** A model without Python: `bundle` has panel, state, still and ahead, as an Explorer made them. */
export function standing(bundle) {
  const held = { at: {}, ...bundle }, heard = {};
  return {
    alone: true,
    get: (name) => held[name],
    set(name, value) {
      held[name] = value;
      (heard[`change:${name}`] ?? []).forEach((tell) => tell());
    },
    on: (event, tell) => (heard[event] ??= []).push(tell),
    off() {}, send() {}, save_changes() {},
  };
}

/** An element with attributes and children; functions among the attributes are listeners. */
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

const button = (name, sign, click) => make("button", { type: "button", "aria-label": name, title: name, click }, sign);
const shape = (spot) => spot.dataset.cells.split(" ").map(Number);
const within = (low, value, high) => Math.max(low, Math.min(high, value));
const [PLAY, PAUSE] = ["\u25B6\uFE0E", "\u275A\u275A"];

class Player {
  constructor(el, model) {
    Object.assign(this, { model, panel: model.get("panel"), known: new Map(), jumps: new Map(), folded: true });
    this.keys = Object.keys(this.panel.controls);
    this.build(el);
    this.listen();
    this.learn();
    this.show(model.get("state"));
    this.begin = this.state.values;
  }

  // -- what is on the page ---------------------------------------------------------------------

  build(el) {
    const { name, caption, controls, play } = this.panel;
    this.inputs = Object.fromEntries(this.keys.map((key) => [key, this.control(key, controls[key])]));
    this.still = make("div");
    this.moving = make("div", { class: "moving", tabindex: -1 });
    this.layers = make("div", { class: "layers" }, this.still, this.moving);
    this.code = make("div", { class: "code", tabindex: 0, role: "group", "aria-label": "NumPy" });
    this.copied = make("button", { type: "button", title: caption, click: () => this.copy() }, "Copy");
    this.folding = make("button", { type: "button", click: () => this.fold(!this.folded) });
    this.lines = make("div", { class: "lines" }, make("div", { class: "caption" }, caption),
      this.code, this.folding, this.copied);
    this.said = make("p", { class: "said", role: "status" });
    const note = make("p", { class: "note" }, this.panel.note ?? "");
    const rows = Object.values(this.inputs).map((input) => input.row);
    // four in a line: the buttons fill up a line of three choices
    const choices = this.keys.findIndex((key) => controls[key].form !== "choice");
    if (play.length) rows.splice(choices === 3 ? 3 : rows.length, 0, this.buttons());
    const own = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey) && event.stopPropagation();
    this.root = make("div", { class: "convlens", role: "group", "aria-label": `Explorer: ${name.replace("_", " ")}`, keydown: own },
      make("div", { class: `controls ${rows.length === 4 || rows.length > 5 ? "many" : "few"}` }, ...rows), note, this.layers, this.lines, this.said);
    // Jupyter must leave the keys that move a slider alone; Notebook 7 looks before the page does
    for (const part of this.root.querySelectorAll("input, select, button, [tabindex]"))
      part.setAttribute("data-lm-suppress-shortcuts", true);
    el.append(this.root);
  }

  control(key, { label, form, options, value }) {
    if (form === "weights") return this.weights(key, label, value);
    const input = form === "choice"
      ? make("select", {}, ...options.map((text) => make("option", {}, text)))
      : make("input", { type: "range", step: 1 });
    input.setAttribute("aria-label", label);
    input.addEventListener("input", () => {
      this.stop();
      this.light(null); // what the pointer rests on is another cell by now
      const k = form === "choice" ? input.selectedIndex : +input.value;
      this.move({ [key]: options.length ? options[k] : k }, key);
    });
    // the ends of a slider that is held must not move under the hand
    input.addEventListener("pointerdown", () => { this.held = key; });
    for (const end of ["pointerup", "pointercancel", "blur"])
      input.addEventListener(end, () => { this.held = null; this.set(key); });
    const output = make("output", { "aria-hidden": true });
    const long = Math.max(0, ...options.map((text) => String(text).length)) > 20;
    const row = make("label", { class: long ? `${form} long` : form }, make("span", {}, label), input, ...(form === "range" ? [output] : []));
    return { row, input, output };
  }

  /** Numbers to type into, or to drag left and right. */
  weights(key, label, value) {
    const cell = (u, v) => {
      let from = null;
      const change = () => {
        if (!Number.isFinite(input.valueAsNumber)) return;
        const next = (this.wanted ?? this.state.values)[key].map((row) => [...row]);
        next[u][v] = input.valueAsNumber;
        this.move({ [key]: next }, key);
      };
      const input = make("input", { type: "number", step: "any", "aria-label": `${label}, row ${u}, column ${v}`,
        input: change,
        blur: () => this.set(key), // an emptied field has the weight that counts
        pointerdown: ({ clientX, pointerId }) => {
          from = { x: clientX, value: input.valueAsNumber || 0 };
          input.setPointerCapture(pointerId);
        },
        pointermove: ({ clientX }) => {
          if (!from || (!from.moved && Math.abs(clientX - from.x) < 8)) return;
          from.moved = true;
          const unit = Number.isInteger(from.value) ? 1 : 0.05;
          input.value = +(from.value + unit * Math.trunc((clientX - from.x) / 8)).toFixed(4);
          change();
        },
        lostpointercapture: () => { from = null; } });
      return input;
    };
    const cells = value.map((row, u) => row.map((_, v) => cell(u, v)));
    const rows = cells.map((row) => make("div", {}, ...row));
    return { row: make("fieldset", { class: "weights" }, make("legend", {}, label), ...rows), cells };
  }

  buttons() {
    this.playing = button("Play", PLAY, () => (this.timer ? this.stop() : this.play()));
    this.speed = make("select", { "aria-label": "Speed", title: "Speed" },
      ...[0.5, 1, 2, 4].map((speed) => make("option", { value: speed }, `${speed}\u00D7`)));
    this.speed.value = 1;
    const move = (name, sign, go) => button(name, sign, () => { this.stop(); go(); });
    return make("div", { class: "buttons", role: "group", "aria-label": "Play" },
      move("Back to the beginning", "\u21BA", () => this.move(this.begin, null)),
      move("One step back", "\u2039", () => this.step(-1)),
      this.playing,
      move("One step on", "\u203A", () => this.step(1)),
      this.speed);
  }

  /** Show the last line alone, which is what the picture shows, or those before it too. */
  fold(folded) {
    this.folded = folded;
    this.lines.classList.toggle("folded", folded);
    this.folding.textContent = folded ? `All ${this.most} lines` : "Last line";
    this.folding.hidden = this.most < 2;
  }

  copy() {
    this.fold(false);
    getSelection().selectAllChildren(this.code);
    document.execCommand("copy"); // needs no leave, in a frame either
    this.copied.textContent = "Copied";
    setTimeout(() => { this.copied.textContent = "Copy"; }, 1500);
  }

  // -- from setting to setting -----------------------------------------------------------------

  /** What the controls say, though Python may not have drawn it yet. */
  get values() {
    return this.wanted ?? this.state.values;
  }

  name(values) {
    return JSON.stringify(this.keys.map((key) => values[key]));
  }

  /** Keep what Python sent ahead. */
  learn() {
    const { parts, states = [], jumps = [], whole } = this.model.get("ahead");
    const still = this.model.get("still");
    for (const state of states) this.known.set(this.name(state.values), { ...state, parts, still });
    for (const [from, key, value, to] of jumps) {
      const { values } = states[from];
      this.jumps.set(this.name(values) + this.name({ ...values, [key]: value }), states[to].values);
    }
    this.whole = whole;
  }

  /** What is known of a setting: over another photograph nothing is. */
  look(values) {
    const state = this.known.get(this.name(values));
    return state?.still === this.model.get("still") ? state : null;
  }

  /** Where a move leads: others may move along. */
  lead(before, wanted) {
    return this.jumps.get(this.name(before) + this.name(wanted)) ?? wanted;
  }

  /** Without Python not every setting is known: the next one that is, in the direction of the move. */
  near(before, changes, moved) {
    const all = { ...before, ...changes };
    if (!moved && this.look(all)) return all;
    let found = before;
    for (const [key, wanted] of Object.entries(changes)) {
      const { options } = this.panel.controls[key] ?? {}, [low, high] = this.state.ends[key], from = found;
      if (!options) continue; // it does not move on this page
      const all = options.length ? options : Array.from({ length: high - low + 1 }, (_, k) => low + k);
      const to = all.indexOf(wanted), at = all.indexOf(from[key]);
      const on = to < at ? all.slice(0, to + 1).reverse() : all.slice(to);
      const back = to < at ? all.slice(to + 1, at) : all.slice(at + 1, to).reverse();
      const there = (value) => this.lead(from, { ...from, [key]: value });
      const value = [...on, ...back].find((value) => this.look(there(value)));
      if (value !== undefined) found = there(value);
    }
    return found;
  }

  /** Follow the reader: to what is known at once, else ask Python. */
  move(changes, moved) {
    const before = this.values, wanted = { ...before, ...changes };
    const values = this.model.alone ? this.near(before, changes, moved) : this.lead(before, wanted);
    if (this.name(values) === this.name(before)) return this.sync();
    this.moved = moved;
    // where others move along, only Python knows where a move leads, unless it sent all of them
    const sure = !moved || this.whole || !this.panel.settles;
    const number = this.model.get("at").number ?? 0;
    if (sure && this.look(values)) {
      this.model.set("at", { values, moved: null, number: number + 1 });
    } else if (!this.model.alone) {
      this.model.set("at", { values: wanted, moved, before: before[moved], number: number + 1 });
      this.model.save_changes();
    } else this.sync();
  }

  /** Go where this page, or another view of the same explorer, has moved to. */
  follow() {
    const { values, moved } = this.model.get("at"), state = moved ? null : this.look(values);
    if (state) {
      this.untold = true; // Python hears of it when the reader leaves
      this.show(state);
      return;
    }
    this.wanted = values;
    this.sync();
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.say("Python is busy; the picture will follow."), PATIENCE);
  }

  /** Show what Python has drawn: an older answer changes the picture, and not the controls. */
  answer() {
    const state = this.model.get("state");
    if (state.number >= (this.model.get("at").number ?? 0)) this.show(state);
    else if (this.wanted) this.draw(state);
  }

  show(state) {
    Object.assign(this, { state, wanted: null });
    clearTimeout(this.patience);
    this.draw(state);
    this.sync();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  draw({ svg, code, parts }) {
    const whole = (text) => (Array.isArray(text) ? text.map((k) => parts[k]).join("") : text);
    const now = { still: this.model.get("still"), svg: whole(svg), code: whole(code) }, seen = this.seen ?? {};
    if (now.still !== seen.still) this.still.innerHTML = now.still;
    if (now.svg !== seen.svg) this.moving.innerHTML = now.svg;
    if (now.code !== seen.code) this.code.innerHTML = now.code;
    this.seen = now;
    // a box that was once so high stays so: what is below must not jump
    this.most = Math.max(this.most ?? 0, now.code ? now.code.split("\n").length : 0);
    this.lines.hidden = this.most === 0;
    this.fold(this.folded);
    if (this.lit) this.light(this.lit);
  }

  rest() {
    this.say(this.moving.firstElementChild.getAttribute("aria-label"));
    if (!this.whole && !this.model.alone) this.model.send({ moved: this.moved ?? "", values: this.values });
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  // -- controls --------------------------------------------------------------------------------

  sync() {
    this.keys.forEach((key) => this.set(key));
  }

  set(key) {
    const { label, options, form } = this.panel.controls[key], { input, output, cells } = this.inputs[key];
    const value = this.values[key], place = options.length ? options.indexOf(value) : value;
    if (form === "weights") {
      cells.forEach((row, u) => row.forEach((cell, v) => {
        if (cell.valueAsNumber !== value[u][v] && cell !== document.activeElement) cell.value = value[u][v];
      }));
    } else if (form === "choice") input.selectedIndex = place;
    else {
      const [low, high] = options.length ? [0, options.length - 1] : this.state.ends[key];
      if (this.held !== key) Object.assign(input, { min: low, max: high, disabled: low === high });
      input.value = place;
      output.textContent = String(value).replace("-", "\u2212");
      input.setAttribute("aria-valuetext", `${label} ${value} of ${options.at(-1) ?? high}`);
    }
  }

  // -- playing ---------------------------------------------------------------------------------

  /** The controls to play through, how many places they make, which of them this is. */
  way() {
    const axes = this.panel.play.map((key) => {
      const [low, high] = this.state.ends[key];
      return { key, low, size: high - low + 1 };
    });
    const count = axes.reduce((n, { size }) => n * size, 1);
    return { axes, count, at: axes.reduce((n, { key, low, size }) => n * size + this.values[key] - low, 0) };
  }

  step(by) {
    const { axes, count, at } = this.way(), changes = {};
    let place = within(0, at + by, count - 1);
    for (const { key, low, size } of axes.reverse()) {
      changes[key] = low + (place % size);
      place = Math.floor(place / size);
    }
    this.move(changes, this.panel.play.at(-1));
  }

  play() {
    const { count, at } = this.way();
    if (at === count - 1) this.step(-at);
    this.turn(setTimeout(() => this.tick(), TICK / this.speed.value));
  }

  tick() {
    const { count, at } = this.way();
    if (at === count - 1 || !this.root.isConnected) return this.stop();
    if (!this.wanted) this.step(Math.ceil(count / LONGEST)); // else Python has not answered yet
    this.timer = setTimeout(() => this.tick(), TICK / this.speed.value);
  }

  stop() {
    clearTimeout(this.timer);
    this.turn(null);
  }

  turn(timer) {
    this.timer = timer;
    this.playing?.replaceChildren(timer ? PAUSE : PLAY);
    this.playing?.setAttribute("aria-label", timer ? "Pause" : "Play");
  }

  // -- touching the picture --------------------------------------------------------------------

  listen() {
    const { layers, code, root } = this;
    this.heard = { at: () => this.follow(), state: () => this.answer(), ahead: () => this.learn() };
    for (const [name, tell] of Object.entries(this.heard)) this.model.on(`change:${name}`, tell);
    layers.addEventListener("pointerdown", (event) => this.press(event));
    layers.addEventListener("pointermove", (event) => (this.dragged ? this.drag(event) : this.hover(event)));
    layers.addEventListener("lostpointercapture", () => { this.dragged = null; });
    code.addEventListener("pointermove", ({ target }) => this.light({ marks: [target.dataset.role] }));
    for (const part of [layers, code]) part.addEventListener("pointerleave", () => this.light(null));
    layers.addEventListener("pointerleave", () => {
      if (this.back) this.move(this.back, null);
      this.back = null;
      this.tell(document.activeElement); // who only looks never leaves by the focus
    });
    root.addEventListener("focusout", ({ relatedTarget }) => this.tell(relatedTarget));
  }

  /** Let Python know where the page is, once the focus is elsewhere. */
  tell(focus) {
    if (!this.untold || this.root.contains(focus)) return;
    this.untold = false;
    this.model.save_changes();
  }

  /** Which cell of a spot is under the pointer: row, column. */
  cell(spot, { clientX, clientY }) {
    const { left, top, width, height } = spot.getBoundingClientRect(), [rows, columns] = shape(spot);
    const place = (along, count) => within(0, Math.floor(along * count), count - 1);
    return [place((clientY - top) / height, rows), place((clientX - left) / width, columns)];
  }

  spots() {
    return [...this.moving.querySelectorAll("[data-cells]")];
  }

  press(event) {
    const spot = event.target.closest("[data-go]");
    this.hover(event);
    if (event.button || !spot) return;
    event.preventDefault(); // no text is selected
    this.moving.focus({ preventScroll: true });
    this.stop();
    this.dragged = { spot: this.spots().indexOf(spot) };
    this.layers.setPointerCapture(event.pointerId);
    this.go(spot, event);
    this.back = null;
  }

  drag(event) {
    const spot = this.spots()[this.dragged.spot]; // another element by now, in the same place
    if (spot && "drag" in spot.dataset) this.go(spot, event);
  }

  go(spot, event) {
    this.move(this.aim(spot, event), null);
  }

  /** What a press here sets. */
  aim(spot, event) {
    const cell = this.cell(spot, event), changes = {};
    let elsewhere = false; // on another layer, where the sliders will have other ends
    for (const [k, axis] of spot.dataset.go.split(";").entries()) {
      const [, key, first, by] = axis.match(/^(.+) (-?[\d.]+) (\d+)$/) ?? [];
      if (!this.panel.controls[key]) continue;
      changes[key] = Math.floor(((cell[k] ?? 0) + +first) / by);
      elsewhere ||= k > 1 && changes[key] !== this.values[key];
    }
    for (const key of elsewhere ? [] : Object.keys(changes)) {
      const [low, high] = this.state.ends[key];
      changes[key] = within(low, changes[key], high);
    }
    return changes;
  }

  /** Light up what the cell under the pointer holds, and the code for the marks that it lies in. */
  hover(event) {
    const seen = event.target.closest("[data-hover]"), spot = event.target.closest("[data-link]");
    if (seen && !this.timer && event.pointerType !== "touch") {
      const look = this.aim(seen, event); // looking is not going: when the pointer leaves, so does the look
      this.back ??= Object.fromEntries(Object.keys(look).map((key) => [key, this.values[key]]));
      this.move(look, null);
    }
    if (!spot) return this.light(null);
    const [row, column] = this.cell(spot, event), columns = shape(spot)[1];
    const names = spot.dataset.link.split(" ")[row * columns + column];
    const over = ({ left, right, top, bottom }) =>
      left <= event.clientX && event.clientX <= right && top <= event.clientY && event.clientY <= bottom;
    const marks = [...this.moving.querySelectorAll("[data-role]")].filter((mark) => over(mark.getBoundingClientRect()));
    this.light({ cells: names.split("+").filter(Boolean), words: marks.map((mark) => mark.dataset.role) });
  }

  light(lit) {
    this.lit = lit;
    const { cells = [], marks = [], words = [] } = lit ?? {}, svg = this.moving.firstElementChild;
    for (const word of this.code.querySelectorAll("[data-role]"))
      word.classList.toggle("lit", [...marks, ...words].includes(word.dataset.role));
    svg.querySelector(".lit")?.remove();
    const rects = [...this.boxes(cells, marks)].map(([x, y, width, height]) =>
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3"/>`);
    if (rects.length) svg.insertAdjacentHTML("beforeend", `<g class="lit">${rects.join("")}</g>`);
  }

  /** Where the cells stand that hold one of these, and the marks of these names. */
  * boxes(cells, marks) {
    const box = (element) => ["x", "y", "width", "height"].map((name) => +element.getAttribute(name));
    for (const spot of cells.length ? this.moving.querySelectorAll("[data-link]") : []) {
      const [x, y, width, height] = box(spot), [rows, columns] = shape(spot);
      for (const [k, names] of spot.dataset.link.split(" ").entries())
        if (names.split("+").some((name) => cells.includes(name)))
          yield [x + (k % columns) * (width / columns) + 1, y + Math.floor(k / columns) * (height / rows) + 1,
            width / columns - 2, height / rows - 2];
    }
    for (const mark of this.moving.querySelectorAll("[data-role]"))
      if (marks.includes(mark.dataset.role)) yield box(mark);
  }

  leave() {
    this.stop();
    [this.resting, this.patience].forEach(clearTimeout);
    for (const [name, tell] of Object.entries(this.heard)) this.model.off(`change:${name}`, tell);
    this.root.remove();
  }
}
