/** @typedef {Node | string | null | undefined} Child */

/**
 * An element. What the service says becomes text and attributes only, never markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Readonly<Record<string, string | number | undefined>>} [attributes] without those that are undefined.
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} id of an element of the page itself.
 * @returns {HTMLElementTagNameMap[T]}
 */
export function part(tag, id) {
  const found = document.querySelector(`${tag}#${id}`);
  if (found === null) throw new TypeError(`The page has no ${tag} ${id}.`);
  return /** @type {HTMLElementTagNameMap[T]} */ (found);
}

/** Keeps what is as before, with its focus. @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  const wanted = el('div', {}, ...children).childNodes;
  const now = [...element.childNodes];
  if (wanted.length === now.length && now.every((child, index) => child.isEqualNode(wanted[index] ?? null)))
    return;
  element.replaceChildren(...wanted);
}

/**
 * A table whose rows are told apart by a key. The roles are those of its elements, which browsers forget when a narrow
 * screen shows the cells as blocks.
 * @param {string} caption
 * @param {readonly string[]} columns
 */
export function table(caption, columns) {
  const body = el('tbody', { role: 'rowgroup' });
  const head = columns.map((name) => el('th', { scope: 'col', role: 'columnheader' }, name));
  const element = el(
    'table',
    { role: 'table' },
    el('caption', {}, el('span', { class: 'unseen' }, caption)),
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...head)),
    body,
  );
  /** @type {Map<string, HTMLTableRowElement>} */
  let rows = new Map();
  /** Rows and cells that are as before stay, with their focus. @param {readonly (readonly [key: string, cells: readonly Child[][]])[]} items */
  const show = (items) => {
    const before = rows;
    rows = new Map();
    for (const [key, cells] of items) {
      const row = before.get(key) ?? rowOf(columns);
      cells.forEach((cell, index) => fill(/** @type {Element} */ (row.children[index]), ...cell));
      rows.set(key, row);
    }
    const wanted = [...rows.values()];
    if (wanted.some((row, index) => body.children[index] !== row) || body.children.length !== wanted.length)
      place(body, wanted);
  };
  return { element, show };
}

/** @param {readonly string[]} columns */
function rowOf(columns) {
  const [first = '', ...others] = columns;
  return el(
    'tr',
    { role: 'row' },
    el('th', { scope: 'row', role: 'rowheader', 'data-label': first }),
    ...others.map((name) => el('td', { role: 'cell', 'data-label': name })),
  );
}

/** Moves only rows that are elsewhere, since a moved one loses the focus. @param {Element} body @param {readonly Element[]} wanted */
function place(body, wanted) {
  const kept = new Set(wanted);
  for (const row of [...body.children]) if (!kept.has(row)) row.remove();
  wanted.forEach((row, index) => {
    const there = body.children[index] ?? null;
    if (there !== row) body.insertBefore(row, there);
  });
}

/** @param {readonly (readonly [name: string, ...value: Child[]])[]} items */
export function facts(items) {
  return el(
    'dl',
    {},
    ...items.map(([name, ...value]) => el('div', {}, el('dt', {}, name), el('dd', {}, ...value))),
  );
}

/**
 * @param {string} label
 * @param {HTMLInputElement | HTMLSelectElement} control
 */
export function field(label, control) {
  return el('label', { class: 'field' }, el('span', {}, label), control);
}

/** @param {string} text for screen readers, politely. */
export function say(text) {
  part('p', 'news').textContent = text;
}

/** @param {string} question @returns {Promise<boolean>} */
export function confirmed(question) {
  const dialog = part('dialog', 'confirmation');
  part('p', 'question').textContent = question;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}
