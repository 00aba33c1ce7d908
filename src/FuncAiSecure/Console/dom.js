// Elements and text. Everything that is shown goes through text nodes and attributes: there is no markup made of strings here.

const svgNamespace = 'http://www.w3.org/2000/svg';

function build(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined).map((child) => (child instanceof Node ? child : String(child))));
  return node;
}

export const el = (tag, attributes = {}, ...children) => build(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) => build(document.createElementNS(svgNamespace, tag), attributes, children);

export const byId = (id) => document.getElementById(id);

/** A part of the board: a titled section. Returns the section; `id` is its anchor. */
export function panel(id, title, ...children) {
  return el('section', { id, class: 'panel', 'aria-labelledby': `${id}-title` }, el('h2', { id: `${id}-title`, tabindex: '-1' }, title), ...children);
}

/** A table whose rows are replaced by `show(rows)`; a row is an array of texts or nodes, the first one its header. */
export class Table {
  #body = el('tbody');
  #empty;
  #columns;
  #frame;

  constructor(caption, columns, empty) {
    this.#columns = columns;
    this.#empty = empty;
    const head = el('thead', {}, el('tr', {}, ...columns.map((column) => el('th', { scope: 'col', class: column.number && 'number' }, column.name))));
    this.#frame = el('div', { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: '0' }, el('table', {}, el('caption', {}, caption), head, this.#body));
  }

  get root() {
    return this.#frame;
  }

  show(rows) {
    const made = rows.map((row) => el('tr', {}, ...row.map((cell, i) => this.#cell(cell, i))));
    this.#body.replaceChildren(...(made.length > 0 ? made : [el('tr', {}, el('td', { colspan: this.#columns.length, class: 'empty' }, this.#empty))]));
  }

  #cell(cell, i) {
    const attributes = { class: this.#columns[i].number && 'number' };
    return i === 0 ? el('th', { ...attributes, scope: 'row' }, cell) : el('td', attributes, cell ?? '–');
  }
}

/** A table folded away under its plot, for those who do not see the plot. */
export const folded = (table) => el('details', {}, el('summary', {}, 'Show as table'), table.root);

/** A legend: one mark and one name for each series. */
export const legend = (...series) =>
  el('ul', { class: 'legend' }, ...series.map(([kind, name]) => el('li', {}, el('span', { class: `mark ${kind}`, 'aria-hidden': 'true' }), name)));
