// Wakes what a page of the site holds: explorers and questions, each with all it needs beside it.

import { mount, standing } from "./player.js";
import { mount as question, standing as remembering } from "./ask.js";
import { filtering } from "./filter.js";

async function unpacked(script) {
  const bytes = Uint8Array.from(atob(script.textContent), (letter) => letter.charCodeAt(0));
  const read = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(read).json();
}

for (const root of document.querySelectorAll("[data-explorer]")) {
  const bundle = await unpacked(root.querySelector("script"));
  root.replaceChildren();
  if (bundle.form === "ask") question(root, remembering(bundle));
  else mount(root, bundle.live ? filtering(bundle) : standing(bundle));
}
