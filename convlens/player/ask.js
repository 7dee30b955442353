// Questions: the reader writes or chooses, presses Compare, and only then is the answer told.
//
// What the model holds:
//   items    question and choices of each; without Python also answer and because
//   told     by number: answer and because, or why the answer failed
//   notes    what is to be said of the file that remembers
//   recalls  how many earlier questions these are at most; 0 for a new one

const NEAR = 0.02; // of a number that is not whole
const STORE = "convlens"; // where a page without Python remembers

export default { render: ({ model, el }) => mount(el, model) };

/** Show the questions in an element; return what takes them down again. */
export function mount(el, model) {
  const root = make("div", { class: "convlens ask" }), items = model.get("items");
  const cards = items.map((item, k) => card(item, k, model));
  const notes = make("p", { class: "note" });
  root.append(...cards.map(({ root }) => root), notes);
  if (!items.length) root.prepend(make("p", {}, "No earlier question is to be asked again yet."));
  const tell = () => cards.forEach((card, k) => card.tell(model.get("told")[k]));
  const note = () => { notes.textContent = model.get("notes").filter(Boolean).join(" "); };
  model.on("change:told", tell);
  model.on("change:notes", note);
  tell();
  note();
  el.append(root);
  return () => {
    model.off("change:told", tell);
    model.off("change:notes", note);
    root.remove();
  };
}

/** A model without Python: the bundle holds the answers, and the browser remembers. */
export function standing({ items, recalls }) {
  const past = () => {
    try {
      const lines = JSON.parse(localStorage.getItem(STORE));
      return Array.isArray(lines) ? lines : [];
    } catch { return []; } // not to be had, or not ours
  };
  if (recalls) {
    const latest = new Map(past().map((line) => [line.question, line]));
    items = [...latest.values()].sort((a, b) => a.right - b.right).slice(0, recalls);
  }
  const held = { items, recalls, told: {}, notes: [] }, heard = {};
  const set = (name, value) => {
    held[name] = value;
    heard[`change:${name}`]?.();
  };
  return {
    get: (name) => held[name],
    on: (event, tell) => { heard[event] = tell; },
    off() {},
    send({ item, said, right }) {
      const { question, choices, answer, because, failed } = items[item];
      if (said === undefined) return set("told", { ...held.told, [item]: { answer, because, failed } });
      const line = { question, choices, answer, because, said, right };
      try { localStorage.setItem(STORE, JSON.stringify([...past(), line])); } catch { /* not to be had */ }
    },
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

let count = 0; // radio buttons of one question need a name that no other question has

function card({ question, choices }, k, model) {
  let waiting = false; // for the answer
  const name = `convlens-${(count += 1)}`, field = make("input", { type: "text", "aria-label": question, size: 14 });
  const radios = (choices ?? []).map((choice) => make("input", { type: "radio", name, value: choice }));
  const options = radios.map((radio) => make("label", {}, radio, radio.value));
  const said = () => (choices ? radios.find((radio) => radio.checked)?.value ?? "" : field.value.trim());
  const verdict = make("p", { class: "verdict", role: "status" });
  const form = make("form", { submit: (event) => {
    event.preventDefault();
    waiting = Boolean(said());
    if (!waiting) verdict.textContent = "Make a guess first: a wrong one helps more than none.";
    else if (model.get("told")[k]?.answer !== undefined) tell(model.get("told")[k]);
    else model.send({ item: k });
  } }, ...(choices ? options : [field]), make("button", { type: "submit" }, "Compare"));
  for (const part of form.querySelectorAll("input, button")) part.setAttribute("data-lm-suppress-shortcuts", true);
  const own = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey) && event.stopPropagation();
  const root = make("div", { role: "group", "aria-label": question, keydown: own },
    make("p", { class: "question" }, question), form, verdict);
  const tell = (told) => {
    if (!told || !waiting) return; // or it was asked for in another view
    waiting = false;
    const found = told.failed ? { text: told.failed } : compare(said(), told.answer, choices);
    verdict.textContent = [found.text, "right" in found && told.because].filter(Boolean).join(" ");
    if (!("right" in found)) return; // nothing was compared: the reader may go on
    root.classList.add(found.right ? "right" : "missed");
    form.querySelectorAll("input, button").forEach((part) => { part.disabled = true; });
    model.send({ item: k, said: said(), right: found.right });
  };
  return { root, tell };
}

// -- comparing -----------------------------------------------------------------------------------

/** How far what was said is from the answer: {right, text}; without `right` where it says nothing. */
export function compare(said, answer, choices) {
  const shown = write(answer);
  if (choices || typeof answer === "string") {
    const bare = (text) => String(text).trim().toLowerCase().replace(/\s+/g, " ");
    const right = bare(said) === bare(answer);
    return { right, text: right ? `Right: ${shown}.` : `It is ${shown}; you said ${said || "nothing"}.` };
  }
  const read = Array.isArray(answer) ? list(said) : single(said, answer);
  if (read === null) return { text: `This cannot be read as ${Array.isArray(answer) ? "numbers: write them like 4, 5" : "a number: write it like 12 or 0.5"}.` };
  const mine = [read].flat(), wanted = [answer].flat();
  if (mine.length === wanted.length && wanted.every((a, k) => Math.abs(mine[k] - a) <= slack(a))) {
    const exact = wanted.every((a, k) => mine[k] === a);
    return { right: true, text: exact ? `Right: ${shown}.` : `Close enough: it is ${shown}.` };
  }
  return { right: false, text: `It is ${shown}${Array.isArray(answer) ? apart(mine, wanted) : distance(mine[0], answer)}.` };
}

const slack = (a) => (Number.isInteger(a) ? 0 : NEAR * Math.abs(a));
const number = (a) => String(Number.isInteger(a) ? a : +a.toPrecision(4)).replace("-", "\u2212");
const write = (a) => (Array.isArray(a) ? `(${a.map(number).join(", ")}${a.length === 1 ? "," : ""})` : typeof a === "number" ? number(a) : a);

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;
const plain = (text) => text.trim().replace(/[\u2212\u2013]/g, "-").replace(/^([-+])\s+/, "$1");

/** Read numbers, whatever stands between them: 4, 5 or (4, 5) or 4x5 or 4 and 5. */
export function list(said) {
  const found = plain(said).replace(/(\d)\s*x\s*(?=\d)/gi, "$1 ").match(NUMBER);
  return found?.map(Number) ?? (/^[([]?[)\]]?$/.test(said.trim()) ? [] : null);
}

/** Read one number: 1,000 and 0,5 too, 1/4 and 25 %; a word before it or a unit after it is let pass. */
export function single(said, answer) {
  const bare = plain(said).replace(/^(?:[a-z]+\.?\s+|[~=\u2248]\s*)/i, "").replace(/(?<=[\d%.])\s*[a-z]*[.!]?$/i, "");
  const ways = [bare, bare.replace(/[,\s'_](?=\d{3}\b)/g, ""), bare.replace(",", ".")].map(one);
  if (bare.endsWith("%")) ways.push(one(bare.slice(0, -1)));
  const found = ways.filter(Number.isFinite);
  return found.length ? found.find((way) => Math.abs(way - answer) <= slack(answer)) ?? found[0] : null;
}

function one(text) {
  const [, top, , below, percent] = text.match(/^([-+]?(\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\/(\d+))?\s*(%?)$/i) ?? [];
  return top === undefined ? NaN : +top / (below === undefined ? 1 : +below) / (percent ? 100 : 1);
}

/** The gap between two numbers in words, in whichever way says more. */
function distance(mine, answer) {
  if (mine === -answer) return ": yours has the other sign";
  const ratio = Math.abs(mine / answer);
  if (mine * answer > 0 && ratio >= 2) return `: yours is ${number(+ratio.toPrecision(3))} times as much`;
  if (mine * answer > 0 && ratio <= 0.5) return `: ${number(+(1 / ratio).toPrecision(3))} times as much as yours`;
  return `: yours is ${number(+Math.abs(mine - answer).toPrecision(4))} too ${mine > answer ? "high" : "low"}`;
}

const NAMES = ["first", "second", "third", "fourth", "fifth", "sixth"];

function apart(mine, wanted) {
  if (mine.length !== wanted.length) return `: ${wanted.length} number${wanted.length > 1 ? "s" : ""}, and you gave ${mine.length}`;
  if (mine.every((m, k) => m === wanted.at(-1 - k))) return ": yours the other way round";
  if ([...mine].sort().join() === [...wanted].sort().join()) return ": the same numbers in another order";
  const off = wanted.flatMap((a, k) => (Math.abs(mine[k] - a) <= slack(a) ? [] : [`the ${NAMES[k] ?? `${k + 1}th`} of yours is ${number(Math.abs(mine[k] - a))} too ${mine[k] > a ? "high" : "low"}`]));
  return `: ${off.join(", ")}`;
}
