// SPDX-License-Identifier: MIT
//
// What holds for every view, however it is filled: names for a screen reader, contrast, width.

const controls = [
  'button', 'link', 'textbox', 'searchbox', 'combobox', 'checkbox', 'slider', 'spinbutton', 'meter', 'image',
  'dialog', 'table', 'navigation', 'Audio'
];

/** Controls that a screen reader has no name for. */
export async function nameless(browser) {
  const { nodes } = await browser.ask('Accessibility.getFullAXTree');
  return nodes
      .filter((node) => !node.ignored && controls.includes(node.role?.value) && !node.name?.value?.trim())
      .map(
          (node) => `${node.role.value} ${
              JSON.stringify(node.properties?.map((property) => property.name) ?? [])}`);
}

/** How far the page is wider than the window, and what is. */
export function tooWide(browser) {
  return browser.run(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll('body *')]
        .filter((node) => node.getBoundingClientRect().right > room + 0.5)
        .slice(0, 5)
        .map(
            (node) => `${node.tagName} ${node.className} ${
                Math.round(node.getBoundingClientRect().right)} of ${room}`);
  });
}

/** Texts whose contrast with their ground (WCAG 2.2, 1.4.3) is below what their size needs. */
export function faint(browser) {
  return browser.run(() => {
    const parse = (text) => {
      const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
      return text.startsWith('color(') ? [red * 255, green * 255, blue * 255, alpha] :
                                         [red, green, blue, alpha];
    };
    const over =
        (top, below) => [0, 1, 2].map((index) => top[index] * top[3] + below[index] * (1 - top[3])).concat(1);
    const light = (colour) => {
      const [red, green, blue] = colour.map(
          (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ratio = (one, other) =>
        (Math.max(light(one), light(other)) + 0.05) / (Math.min(light(one), light(other)) + 0.05);
    const ground = (node) => {
      const layers = [];
      for (let at = node; at; at = at.parentElement) {
        if (at instanceof SVGElement) {
          // A text in the picture stands on its own box, else on its leg's sheet.
          const box = at !== node && at.tagName === 'g' ? at.querySelector(':scope > rect') : null;
          if (box && !at.classList.contains('key') && box.getAttribute('height') > 12)
            layers.push(parse(getComputedStyle(box).fill));
          continue;
        }
        layers.push(parse(getComputedStyle(at).backgroundColor));
      }
      return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      const isSeen = node.checkVisibility?.() && node.getBoundingClientRect().width > 1 &&
          walker.currentNode.textContent.trim();
      if (!isSeen || ['TITLE', 'SCRIPT', 'OPTION', 'title'].includes(node.tagName) ||
          node.closest('button:disabled'))
        continue;
      const style = getComputedStyle(node);
      const below = ground(node);
      const colour = over(parse(node instanceof SVGElement ? style.fill : style.color), below);
      const size = Number.parseFloat(style.fontSize);
      const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      if (ratio(colour, below) < wanted)
        found.push(
            `${ratio(colour, below).toFixed(2)} “${walker.currentNode.textContent.trim().slice(0, 30)}” ${
                node.tagName}.${node.getAttribute('class') ?? ''}`);
    }
    return [...new Set(found)];
  });
}
