// The filter explorer without Python: the one place where JavaScript convolves.
//
// `filtering` is a model for the player that answers as Python would. The picture is Python's: an SVG
// whose changing pieces are named by `data-slot`, filled in here. Colours come from Python's tables.

/** Cross-correlate a plane with square weights; beyond its edge the nearest pixel is repeated. */
export function convolve(plane, weights) {
  const height = plane.length, width = plane[0].length, reach = (weights.length - 1) / 2;
  const inside = (k, count) => Math.max(0, Math.min(count - 1, k));
  const columns = Array.from({ length: width + 2 * reach }, (_, j) => inside(j - reach, width));
  return plane.map((_, i) => {
    const sums = new Float64Array(width);
    weights.forEach((row, u) => {
      const pixels = plane[inside(i + u - reach, height)];
      row.forEach((weight, v) => {
        for (let j = 0; j < width; j += 1) sums[j] += weight * pixels[columns[j + v]];
      });
    });
    return sums;
  });
}

/** A model as the player takes it. */
export function filtering({ panel, state, still, live }) {
  const held = { panel, state, still, ahead: {}, at: {} }, heard = {};
  let own = state.values.weights;
  const set = (name, value) => {
    held[name] = value;
    (heard[`change:${name}`] ?? []).forEach((tell) => tell());
  };
  return {
    get: (name) => held[name],
    on: (event, tell) => (heard[event] ??= []).push(tell),
    off() {}, send() {}, set,
    save_changes() {
      const { values, moved, number } = held.at;
      const now = settled(values, moved);
      const drawn = draw(live, now);
      if (drawn.still) held.still = drawn.still;
      set("state", { ...held.state, ...drawn, values: now, number });
    },
  };

  /** A choice fills the table; what is written into the table is the reader's own. */
  function settled(values, moved) {
    if (moved === "kernel") return { ...values, weights: live.presets[values.kernel] ?? own };
    if (moved === "weights") {
      own = values.weights;
      return { ...values, kernel: live.own };
    }
    return values;
  }
}

const results = new WeakMap(); // the last result of each photograph, while only the pixel moves

/** What the page shows of a setting: {svg, code}, and `still` where the result is another one. */
function draw(live, values) {
  const { weights, row, column, kernel, channel } = values, shown = live.channels.indexOf(channel ?? live.channels[0]);
  let last = results.get(live);
  const name = JSON.stringify([weights, shown]), fresh = last?.name !== name;
  if (fresh) results.set(live, (last = { name, ...filtered(live, weights, shown) }));
  const { planes, limit } = last, y = planes[shown][row][column], reach = (weights.length - 1) / 2;
  const paint = (value) => (limit ? look(live.signed, (value / limit + 1) / 2) : look(live.gray, value / live.white));
  const total = weights.flat().reduce((sum, w) => sum + w, 0), most = Math.max(...weights.flat().map(Math.abs)) || 1;
  const slots = { y: paint(y), label: {}, frame: [column, row], ring: [column, row], limit };
  slots.y.text = short(y, 8);
  weights.forEach((w, u) => w.forEach((weight, v) => {
    const plane = live.photo[shown], [i, j] = [row + u - reach, column + v - reach], pixel = at(plane, i, j);
    const beyond = !(i in plane && j in plane[0]), fill = look(beyond ? live.edge : live.gray, pixel / live.white);
    slots[`x${u}${v}`] = { ...fill, beyond, text: short(pixel, live.room) };
    slots[`w${u}${v}`] = { ...look(live.signed, (weight / most + 1) / 2), text: short(weight, live.room) };
  }));
  const words = { place: `around row ${row}, column ${column}`, kernel: `\u00D7 Kernel w, ${kernel}`,
    total: `its weights sum to ${short(total, 6)}`, at: `y[${row}, ${column}]`,
    window: live.window.replace("{channel}", live.channels[shown]),
    drawn: limit ? live.around.replace("{channel}", live.channels[shown]) : live.alike, low: `${short(limit ? -limit : 0, 6)} or less`,
    high: `${short(limit || live.white, 6)} or more`, zero: limit ? "0" : "",
    beyond: limit ? "" : y > live.white ? live.over : y < 0 ? live.under : "" };
  const label = `Filter explorer. Kernel ${kernel}, ${words.total}. The window is ${words.place}. ${words.at} is ${short(y, 8)}.`;
  const svg = filled(live, slots, words, label);
  const figures = Number.isInteger(y) ? String(y) : short(y, 12, 5).replaceAll("\u2212", "-");
  const parts = { y: figures, w: written(weights, live), at: words.at, x: live.names[shown],
    place: `${row}:${row + weights.length}, ${column}:${column + weights.length}` };
  const code = live.code.replace(/\{(\w+)\}/g, (_, key) => parts[key]);
  return { svg, code, ...(fresh ? { still: live.still.replace("{result}", last.source) } : {}) };
}

const at = (plane, i, j) => plane[Math.max(0, Math.min(plane.length - 1, i))][Math.max(0, Math.min(plane[0].length - 1, j))];
const look = (table, part) => table[Math.max(0, Math.min(255, Math.round(255 * (Number.isNaN(part) ? 0.5 : part))))];

/** Filter every channel, and paint the result: as the photograph, or around 0 from -limit to limit. */
function filtered(live, weights, shown) {
  const alike = weights.flat().reduce((sum, w) => sum + w, 0) >= live.least - 1e-9;
  const planes = live.photo.map((plane, k) => (alike || k === shown ? convolve(plane, weights) : null));
  const limit = alike ? 0 : strongest(planes[shown], live) || live.white;
  const painted = alike && planes.length > 1 ? planes : [planes[shown]];
  const height = live.photo[0].length, width = live.photo[0][0].length;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  const table = (limit ? live.signed : live.gray).map(({ fill }) => [1, 3, 5].map((k) => parseInt(fill.slice(k, k + 2), 16)));
  for (let i = 0, p = 0; i < height; i += 1)
    for (let j = 0; j < width; j += 1, p += 4)
      for (let c = 0; c < 4; c += 1) {
        const value = painted[painted.length > 1 && c < 3 ? c : 0][i][j];
        image.data[p + c] = c === 3 ? 255 : look(table, limit ? (value / limit + 1) / 2 : value / live.white)[c];
      }
  context.putImageData(image, 0, 0);
  return { planes, limit, source: canvas.toDataURL() };
}

/** The size that all but the few strongest results stay below, to three digits. */
function strongest(plane, { share }) {
  const sizes = Float64Array.from(plane.flatMap((row) => [...row].map(Math.abs))).sort();
  const place = (share / 100) * (sizes.length - 1), k = Math.floor(place), next = sizes[Math.min(k + 1, sizes.length - 1)];
  return +((sizes[k] + (place - k) * (next - sizes[k])) || sizes.at(-1)).toPrecision(3);
}

/** Weights as NumPy reads them: as whole numbers over one divisor where they are. */
function written(weights, { divisors }) {
  const whole = (w, by) => Number.isInteger(+(w * by).toPrecision(12));
  const by = divisors.find((by) => weights.flat().every((w) => whole(w, by))) ?? 1;
  const listed = JSON.stringify(weights.map((row) => row.map((w) => +(w * by).toPrecision(12))));
  return `np.array(${listed.replaceAll(",", ", ")})${by > 1 ? ` / ${by}` : ""}`;
}

/** A number in so many characters at most: whole ones below 100000 in full, others to a few digits. */
function short(value, most, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "\u221E" : "\u2212\u221E";
  const size = Math.abs(value), full = size < 1e5 && (Number.isInteger(value) || size >= 10 ** digits - 0.5);
  const write = (digits) => {
    const near = +value.toPrecision(digits), far = Math.abs(near) >= 1e5 || (near && Math.abs(near) < 1e-4);
    return far ? near.toExponential().replace("e+", "e") : String(near);
  };
  let text = full ? String(Math.round(value)) : write(digits);
  while (text.length > most && digits > 1) text = write((digits -= 1));
  return text.replaceAll("-", "\u2212");
}

/** Fill the template in. */
function filled(live, slots, words, label) {
  const page = new DOMParser().parseFromString(live.svg, "image/svg+xml"), root = page.documentElement;
  root.setAttribute("aria-label", label);
  for (const element of page.querySelectorAll("[data-slot]")) {
    const [name, kind] = element.getAttribute("data-slot").split(" "), slot = slots[name];
    if (kind === "fill") element.setAttribute("fill", slot.fill);
    if (slot?.beyond && kind === "fill")
      Object.entries(live.dash).forEach(([name, value]) => element.setAttribute(name, value));
    if (kind === "text") Object.assign(element, { textContent: slot.text }).setAttribute("fill", slot.ink);
    if (kind === "word") element.textContent = words[name];
    if (kind === "step") element.setAttribute("fill", look(slots.limit ? live.signed : live.gray, name / (live.steps - 1)).fill);
    if (kind === "move") element.setAttribute("transform", `translate(${slot[0] * live.pixel[0]} ${slot[1] * live.pixel[1]})`);
  }
  return new XMLSerializer().serializeToString(root);
}
