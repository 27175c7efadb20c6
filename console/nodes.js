import { ask, withQuery } from './api.js';
import { el, field, fill, say, table } from './dom.js';
import { follow } from './events.js';
import { locksOfNodes } from './locks.js';
import { refreshed } from './refreshed.js';
import { counted, jobLink, lockOf, stateOf } from './words.js';

/** @import { Job, Lock, NodeDocument, Place } from './types.js' */

const PAGE = 100;
const FIELDS = 'uuid,name,driver,power_state,provision_state,maintenance,reservation';
const MOST_JOBS = 500;

/** @param {Place} place */
export async function showNodes({ main, query, signal, keep, onConnection, fail }) {
  const marker = query.get('marker');
  /** @type {Record<string, string>} */
  let filter = { name: query.get('name') ?? '', driver: query.get('driver') ?? '' };
  /** @type {readonly NodeDocument[]} */
  let nodes = [];
  /** @type {readonly Job[]} */
  let jobs = [];
  /** @type {ReadonlyMap<string, Lock>} */
  let locks = new Map();
  const nodesShown = table('Nodes, in the order of their names', ['Node', 'Driver', 'State', 'Lock', 'Jobs']);
  const note = el('p', { class: 'quiet' }, 'Loading …');
  const pages = el('nav', { class: 'pages', 'aria-label': 'Pages' });
  const form = filterForm(filter);
  main.append(form, note, nodesShown.element, pages);

  const render = () => {
    const name = (filter['name'] ?? '').toLowerCase();
    const fitting = nodes.filter(
      (node) => (node.name ?? '').toLowerCase().includes(name) || node.uuid.startsWith(name),
    );
    nodesShown.show(fitting.map((node) => row(node, jobs, locks.get(node.uuid))));
    nodesShown.element.hidden = fitting.length === 0;
    note.textContent = noteOf(fitting.length, nodes.length, filter);
  };
  const load = async () => {
    const wanted = filter;
    const list = withQuery('v1/nodes', {
      fields: FIELDS,
      sort_key: 'name',
      limit: PAGE,
      driver: filter['driver'],
      marker,
    });
    const [page, ...live] = await Promise.all([
      /** @type {Promise<{ nodes: NodeDocument[], next?: string }>} */ (ask(list, signal)),
      .../** @type {const} */ (['running', 'queued']).map(
        (state) =>
          /** @type {Promise<{ jobs: Job[] }>} */ (
            ask(withQuery('v1/jobs', { state, limit: MOST_JOBS }), signal)
          ),
      ),
    ]);
    const locked = page.nodes.filter(({ reservation }) => reservation !== null);
    const theirLocks = await locksOfNodes(
      signal,
      locked.map(({ uuid }) => uuid),
    );
    if (wanted['driver'] !== filter['driver']) return;
    nodes = page.nodes;
    locks = theirLocks;
    jobs = live.flatMap((each) => each.jobs);
    render();
    const last = page.next === undefined ? undefined : nodes.at(-1)?.uuid;
    fill(pages, ...pageLinks(filter, marker, last));
  };
  const leave = (/** @type {unknown} */ error) => {
    if (!signal.aborted) fail(error);
  };

  const refresh = refreshed(load, signal, onConnection, leave);
  form.addEventListener('input', () => {
    filter = valuesOf(form);
    keep(filter);
    render();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    filter = valuesOf(form);
    keep(filter);
    const exact =
      filter['name'] === '' ? undefined : await find(filter['name'] ?? '', signal).catch(() => undefined);
    if (signal.aborted) return;
    if (exact !== undefined) location.hash = `#/nodes/${exact}`;
    else load().then(() => say(note.textContent), leave);
  });
  await load();
  follow('v1/events', signal, { onConnection, onBegin: refresh, onJob: refresh }).catch(leave);
}

/** @param {NodeDocument} node @param {readonly Job[]} jobs @param {Lock | undefined} lock @returns {readonly [string, import('./dom.js').Child[][]]} */
function row(node, jobs, lock) {
  const { uuid, name, driver, power_state, provision_state, maintenance } = node;
  const ofNode = jobs.filter((job) => job.node === uuid);
  return [
    uuid,
    [
      [el('a', { href: `#/nodes/${uuid}`, title: uuid }, name ?? uuid)],
      [driver],
      [
        [provision_state, power_state].filter((state) => state !== null).join(', ') || '–',
        maintenance ? el('span', { class: 'maintenance' }, 'in maintenance') : null,
      ],
      lockOf(node, lock),
      ofNode.map((job) => el('span', { class: 'live' }, jobLink(job), ' ', stateOf(job))),
    ],
  ];
}

/** @param {number} shown @param {number} all @param {Readonly<Record<string, string>>} filter */
function noteOf(shown, all, { name = '', driver = '' }) {
  if (all === 0)
    return driver === '' ? 'There are no nodes yet.' : `There are no nodes of the driver ${driver}.`;
  if (name === '') return `${counted(all, 'node')} on this page.`;
  if (shown === 0)
    return `No node on this page has “${name}” in its name. Enter looks for it everywhere, by its whole name.`;
  return `${shown} of ${counted(all, 'node')} on this page.`;
}

/** @param {string} ident @param {AbortSignal} signal */
async function find(ident, signal) {
  const node = /** @type {{ uuid: string }} */ (
    await ask(`v1/nodes/${encodeURIComponent(ident)}?fields=uuid`, signal)
  );
  return node.uuid;
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function valuesOf(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
}

/** @param {Readonly<Record<string, string>>} filter */
function filterForm({ name = '', driver = '' }) {
  const options = { autocomplete: 'off', spellcheck: 'false' };
  return el(
    'form',
    { class: 'filters', role: 'search', 'aria-label': 'Nodes' },
    field('Name or UUID', el('input', { name: 'name', value: name, ...options })),
    field('Driver', el('input', { name: 'driver', value: driver, ...options })),
    el('button', {}, 'Find'),
  );
}

/** @param {Readonly<Record<string, string>>} filter @param {string | null} marker @param {string | undefined} last */
function pageLinks(filter, marker, last) {
  return [
    marker === null ? null : el('a', { href: withQuery('#/nodes', filter) }, 'First page'),
    last === undefined
      ? null
      : el('a', { href: withQuery('#/nodes', { ...filter, marker: last }) }, 'Next page'),
  ];
}
