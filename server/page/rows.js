// SPDX-License-Identifier: MIT
//
// Tables that are read while they change: rows are kept, and only cells that differ are written, so that
// neither the focus nor a screen reader's place is lost.

import {el} from './dom.js';

/** A table that can be a list of cards on a narrow screen: its roles hold whatever its display is. */
export class LiveTable {
  #columns;
  #body = el('tbody', { role: 'rowgroup' });
  #rows = new Map();

  /**
   * `columns`: `{ title, class }`, the first of which heads its row. The caption is for screen readers:
   * a heading stands above.
   */
  constructor(caption, columns, attributes = {}) {
    this.#columns = columns;
    this.node =
        el('table', { role: 'table', ...attributes, class: `cards ${attributes.class ?? ''}`.trim() },
           el('caption', { class: 'unseen' }, caption),
           el('thead', { role: 'rowgroup' },
              el('tr', { role: 'row' },
                 columns.map(
                     (column) => el(
                         'th', { role: 'columnheader', scope: 'col', class: column.class }, column.title)))),
           this.#body);
  }

  get size() { return this.#rows.size; }

  /**
   * `items`: `{ key, cells, class }` in their order. A cell is a text, or `{ key, make }` for a node
   * that is made again when its key changes.
   */
  update(items) {
    const kept = new Map();
    let place = null;
    for (const item of items) {
      const row = this.#rows.get(item.key) ?? this.#make();
      kept.set(item.key, row);
      if (row.className !== (item.class ?? '')) row.className = item.class ?? '';
      item.cells.forEach((cell, index) => write(row.cells[index], cell));
      const next = place ? place.nextSibling : this.#body.firstChild;
      if (row !== next) this.#body.insertBefore(row, next);
      place = row;
    }
    for (const [key, row] of this.#rows)
      if (!kept.has(key)) row.remove();
    this.#rows = kept;
  }

  #make() {
    return el('tr', { role: 'row' }, this.#columns.map((column, index) => el(index === 0 ? 'th' : 'td', {
      role: index === 0 ? 'rowheader' : 'cell',
      scope: index === 0 ? 'row' : null,
      class: column.class,
      'data-label': column.title,
    })));
  }
}

function write(cell, content) {
  const isText = typeof content === 'string';
  const key = isText ? content : content.key;
  if (cell.writtenKey === key) return;
  cell.writtenKey = key;
  cell.replaceChildren(...(isText ? [content] : [content.make()].flat()));
}
