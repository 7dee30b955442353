// What scrolls in its own box can be scrolled by keys: not every browser sees to that by itself.
const boxes = document.querySelectorAll("pre, .formula, .cell_output, .table-wrapper, picture");
const look = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const box of boxes) look.observe(box);

// A picture in two colourings follows the theme's own switch too: "auto", "light" or "dark".
const follow = () => {
  const media = { light: "not all", dark: "all" }[document.body.dataset.theme];
  for (const dark of document.querySelectorAll("picture source"))
    dark.media = media ?? "(prefers-color-scheme: dark)";
};
new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-theme"] });
follow();
