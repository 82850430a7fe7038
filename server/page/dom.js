// SPDX-License-Identifier: MIT
//
// Elements from values. Text goes in as text nodes only: what comes from calls is never read as HTML.

const svgSpace = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on'))
      node.addEventListener(name.slice(2), value);
    else if (name === 'value')
      node.value = value;
    else
      node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(
      ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An element of HTML: `el('td', { class: 'number' }, '12')`. An attribute `onclick` is a listener. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, tag), attributes, children);
}

/**
 * A table with a caption and heads that say what they are heads of. A head is a text, or
 * `{ text, class }`.
 */
export function table(caption, heads, body, attributes = {}) {
  return el(
      'table', attributes, el('caption', {}, caption),
      el('thead', {},
         el('tr', {}, heads.map((head) => el('th', { scope: 'col', class: head.class }, head.text ?? head)))),
      body);
}

/**
 * Replaces what a node holds, and only where something changed, so that a reader's place and the
 * focus are kept. `key` is what is shown, as a string.
 */
export function show(node, key, make) {
  if (node.shownKey === key) return false;
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  node.shownKey = key;
  node.replaceChildren(...[make()].flat(Infinity).filter(Boolean));
  if (focused) node.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  return true;
}

/** Tells a screen reader, without moving the focus. */
export function announce(text) { document.getElementById('news').textContent = text; }
