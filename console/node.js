import { ask, withQuery } from './api.js';
import { el, facts, fill, table } from './dom.js';
import { follow } from './events.js';
import { jobTable, withJob } from './job-table.js';
import { locksOfNodes } from './locks.js';
import { refreshed } from './refreshed.js';
import { lockOf } from './words.js';

/** @import { Job, Lock, Method, NodeDocument, Place } from './types.js' */

const FIELDS =
  'uuid,name,driver,vendor_interface,description,power_state,provision_state,maintenance,maintenance_reason,reservation,last_error';
const JOBS = 20;

/** @param {Place & { id: string }} place */
export async function showNode({ main, signal, id, onConnection, fail }) {
  const path = `v1/nodes/${encodeURIComponent(id)}`;
  const summary = el('div');
  const none = el('p', { class: 'quiet' }, 'Loading …');
  const jobsShown = jobTable('Jobs of this node, the newest first', signal, false);
  const methods = el('div', {}, el('p', { class: 'quiet' }, 'Loading …'));
  main.append(summary, el('h2', {}, 'Jobs'), none, jobsShown.element, el('h2', {}, 'Methods'), methods);
  jobsShown.element.hidden = true;

  const loadNode = async () => {
    const node = /** @type {NodeDocument} */ (await ask(`${path}?fields=${FIELDS}`, signal));
    fill(main.querySelector('h1') ?? summary, node.name ?? node.uuid);
    const locks = await locksOfNodes(signal, node.reservation === null ? [] : [node.uuid]);
    fill(summary, summaryOf(node, locks.get(node.uuid)));
  };
  /** @type {readonly Job[]} */
  let jobs = [];
  const render = () => {
    jobsShown.set(jobs);
    jobsShown.element.hidden = jobs.length === 0;
    none.hidden = jobs.length > 0;
    none.textContent = 'It has had no jobs.';
  };
  const loadJobs = async () => {
    const page = /** @type {{ jobs: Job[] }} */ (
      await ask(withQuery('v1/jobs', { node: id, limit: JOBS }), signal)
    );
    jobs = page.jobs;
    render();
  };
  const leave = (/** @type {unknown} */ error) => {
    if (!signal.aborted) fail(error);
  };

  const load = async () => {
    await Promise.all([loadNode(), loadJobs()]);
  };
  await load();
  const refresh = refreshed(load, signal, onConnection, leave);
  showMethods(methods, path, signal);
  follow(withQuery('v1/events', { node: id }), signal, {
    onConnection,
    onBegin: refresh,
    onJob: (job) => {
      jobs = withJob(jobs, job, JOBS, true);
      render();
      refresh();
    },
  }).catch(leave);
}

/** @param {NodeDocument} node @param {Lock | undefined} lock */
function summaryOf(node, lock) {
  return facts([
    ['Lock', ...lockOf(node, lock)],
    ['Driver', node.vendor_interface === null ? node.driver : `${node.driver}, ${node.vendor_interface}`],
    ['Provision state', node.provision_state ?? '–'],
    ['Power', node.power_state ?? '–'],
    [
      'Maintenance',
      node.maintenance
        ? el('span', { class: 'maintenance' }, ['yes', node.maintenance_reason].filter(Boolean).join(': '))
        : 'no',
    ],
    ...(node.description === null ? [] : [/** @type {const} */ (['Description', node.description])]),
    ...(node.last_error === null ? [] : [/** @type {const} */ (['Last error', node.last_error])]),
    ['UUID', el('code', {}, node.uuid)],
  ]);
}

/** @param {Element} place @param {string} path @param {AbortSignal} signal */
async function showMethods(place, path, signal) {
  const { element, show } = table('Methods that can be called', [
    'Method',
    'What it does',
    'Effect',
    'Lock',
    'Answer',
  ]);
  try {
    const methods = /** @type {Record<string, Method>} */ (
      await ask(`${path}/vendor_passthru/methods?detail=true`, signal)
    );
    const entries = Object.entries(methods).sort(([a], [b]) => a.localeCompare(b));
    show(entries.map(([name, method]) => [name, cellsOf(name, method)]));
    place.replaceChildren(
      entries.length === 0 ? el('p', { class: 'quiet' }, 'Its vendor interface has no methods.') : element,
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!signal.aborted) place.replaceChildren(el('p', { class: 'failure' }, message));
  }
}

/** @param {string} name @param {Method} method @returns {import('./dom.js').Child[][]} */
function cellsOf(name, { http_methods, description, effect, require_exclusive_lock, deprecated, ...method }) {
  const answer = method.attach ? 'a file' : 'JSON';
  return [
    [el('code', {}, name), el('span', { class: 'quiet' }, http_methods.join(', '))],
    [
      description,
      deprecated === undefined ? null : el('span', { class: 'quiet' }, `Deprecated: ${deprecated}`),
    ],
    [effect],
    [require_exclusive_lock === false ? 'shared' : 'exclusive'],
    [method.async ? `a job, then ${answer}` : answer],
  ];
}
