import { ask, withQuery } from './api.js';
import { el, field, fill, say } from './dom.js';
import { follow } from './events.js';
import { jobTable, withJob } from './job-table.js';
import { counted, STATES } from './words.js';

/** @import { Job, Place } from './types.js' */

const PAGE = 50;
const TEXTS = /** @type {const} */ ([
  ['node', 'Node'],
  ['method', 'Method'],
  ['caller', 'Caller'],
]);

/** @param {Place} place */
export async function showJobs({ main, query, signal, keep, onConnection, fail }) {
  const marker = query.get('marker');
  /** @type {Record<string, string>} */
  let filter = Object.fromEntries([...query].filter(([name]) => name !== 'marker'));
  /** @type {readonly Job[]} */
  let jobs = [];
  const jobsShown = jobTable('Jobs, the newest first', signal);
  const note = el('p', { class: 'quiet' }, 'Loading …');
  const pages = el('nav', { class: 'pages', 'aria-label': 'Pages' });
  const form = filterForm(filter);
  main.append(form, note, jobsShown.element, pages);

  const render = () => {
    jobsShown.set(jobs);
    jobsShown.element.hidden = jobs.length === 0;
    note.textContent =
      jobs.length === 0
        ? 'There are no such jobs.'
        : `${counted(jobs.length, 'job')} on this page, the newest first.`;
  };
  const load = async () => {
    const wanted = filter;
    const page = /** @type {{ jobs: Job[], next?: string }} */ (
      await ask(withQuery('v1/jobs', { ...wanted, limit: PAGE, marker }), signal)
    );
    if (wanted !== filter) return;
    jobs = page.jobs;
    render();
    fill(pages, ...pageLinks(filter, marker, page.next === undefined ? undefined : jobs.at(-1)?.id));
  };

  let following = new AbortController();
  const start = () => {
    following.abort();
    following = new AbortController();
    const { node = '', method = '' } = filter;
    const part = AbortSignal.any([signal, following.signal]);
    follow(withQuery('v1/events', { node, method }), part, {
      onConnection,
      onBegin: load,
      onJob: (job) => {
        const fits =
          (filter['state'] ?? job.state) === job.state && (filter['caller'] ?? job.caller) === job.caller;
        jobs = fits ? withJob(jobs, job, PAGE, marker === null) : jobs.filter(({ id }) => id !== job.id);
        render();
      },
    }).catch(leave);
  };
  const leave = (/** @type {unknown} */ error) => {
    if (!signal.aborted) fail(error);
  };
  const apply = () => {
    filter = Object.fromEntries(
      [...new FormData(form)].flatMap(([name, value]) =>
        typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
      ),
    );
    keep(filter);
    start();
    load().then(() => say(note.textContent), leave);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    apply();
  });
  form.addEventListener('change', apply);
  await load();
  start();
}

/** @param {Readonly<Record<string, string>>} filter */
function filterForm(filter) {
  const state = el(
    'select',
    { name: 'state' },
    el('option', { value: '' }, 'any'),
    ...STATES.map((each) =>
      el('option', { value: each, selected: filter['state'] === each ? '' : undefined }, each),
    ),
  );
  return el(
    'form',
    { class: 'filters', role: 'search', 'aria-label': 'Jobs' },
    field('State', state),
    ...TEXTS.map(([name, label]) =>
      field(
        label,
        el('input', { name, value: filter[name] ?? '', autocomplete: 'off', spellcheck: 'false' }),
      ),
    ),
    el('button', {}, 'Filter'),
  );
}

/** @param {Readonly<Record<string, string>>} filter @param {string | null} marker @param {string | undefined} last */
function pageLinks(filter, marker, last) {
  return [
    marker === null ? null : el('a', { href: withQuery('#/jobs', filter) }, 'First page'),
    last === undefined
      ? null
      : el('a', { href: withQuery('#/jobs', { ...filter, marker: last }) }, 'Next page'),
  ];
}
