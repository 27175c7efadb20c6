import { ask, hasToken, send } from './api.js';
import { confirmed, el, facts, fill, say } from './dom.js';
import { follow } from './events.js';
import { learnNames, nameOf } from './names.js';
import { durationOf, hasEnded, nodeLink, progressOf, stateOf, timeOf } from './words.js';

/** @import { Job, Place, Report } from './types.js' */

/** Characters of a result that are shown. */
const LONGEST = 200_000;

/** @param {Place & { id: string }} place */
export async function showJob({ main, signal, id, onConnection, fail }) {
  const path = `v1/jobs/${encodeURIComponent(id)}`;
  const summary = el('div');
  const outcome = el('div');
  const progress = el('ol', { class: 'progress-lines' });
  const reports = el('section', { hidden: '' }, el('h2', {}, 'Progress'), progress);
  const failure = el('p', { class: 'failure', role: 'alert' });
  const cancel = el('button', { type: 'button', class: 'grave' }, 'Cancel this job');
  main.append(summary, el('p', {}, cancel), failure, reports, outcome);

  const ended = new AbortController();
  let lastState = '';
  let lastReport = '';
  const report = (/** @type {Report} */ { percent, message }) => {
    if (message === null || message === '' || message === lastReport) return;
    lastReport = message;
    reports.hidden = false;
    progress.append(el('li', {}, percent === null ? message : `${Math.round(percent)} %: ${message}`));
  };
  const render = (/** @type {Job} */ job) => {
    fill(main.querySelector('h1') ?? summary, job.method);
    fill(summary, summaryOf(job));
    if (job.progress !== null) report(job.progress);
    cancel.hidden = hasEnded(job) || job.cancel_requested_at !== null;
    if (job.state !== lastState && lastState !== '') say(`The job is ${job.state}.`);
    lastState = job.state;
    if (!hasEnded(job)) return;
    fill(outcome, ...outcomeOf(job, signal, failure));
    ended.abort();
    onConnection(undefined);
  };

  cancel.addEventListener('click', async () => {
    if (!(await confirmed('Cancel this job? What it has already done remains.'))) return;
    cancel.disabled = true;
    try {
      render(/** @type {Job} */ (await ask(path, signal, 'DELETE')));
      say('The job is to be cancelled.');
    } catch (error) {
      if (!signal.aborted) failure.textContent = error instanceof Error ? error.message : String(error);
    }
    cancel.disabled = false;
  });

  const job = /** @type {Job} */ (await ask(path, signal));
  for (const line of job.progress_lines ?? []) report(line);
  render(job);
  if (await learnNames([job.node], signal)) render(job);
  if (hasEnded(job)) return;
  const leave = (/** @type {unknown} */ error) => {
    if (!signal.aborted) fail(error);
  };
  const following = AbortSignal.any([signal, ended.signal]);
  follow(`${path}/events`, following, { onConnection, onBegin: () => {}, onJob: render }).catch(leave);
}

/** @param {Job} job */
function summaryOf(job) {
  const isAsked = job.cancel_requested_at !== null;
  return facts([
    ['State', stateOf(job)],
    ['Progress', ...progressOf({ ...job, error: null })],
    ['Node', job.node === null ? '–' : nodeLink(job.node, nameOf(job.node))],
    ['Driver', `${job.driver}, ${job.vendor_interface}`],
    ['Arguments', el('code', {}, argumentsOf(job))],
    ['Caller', job.caller ?? '–'],
    ['Created', timeOf(job.created_at)],
    ['Started', timeOf(job.started_at)],
    ['Ended', timeOf(job.finished_at)],
    ['Took', durationOf(job) || '–'],
    ['Conductor', job.conductor ?? '–'],
    ...(isAsked
      ? [/** @type {const} */ (['To be cancelled', 'since ', timeOf(job.cancel_requested_at), by(job)])]
      : []),
    ['Id', el('code', {}, job.id)],
    ['Request', el('code', {}, job.request_id)],
  ]);
}

/** @param {Job} job */
function argumentsOf({ args }) {
  if (args === null) return '–';
  return typeof args === 'string' ? args : JSON.stringify(args);
}

/** @param {Job} job */
function by({ cancel_requested_by }) {
  return cancel_requested_by === null ? '' : ` by ${cancel_requested_by}`;
}

/** @param {Job} job @param {AbortSignal} signal @param {HTMLElement} failure */
function outcomeOf(job, signal, failure) {
  if (job.error !== null) {
    return [
      el('h2', {}, 'Error'),
      el('p', { class: 'failure' }, el('strong', {}, job.error.code), ` ${job.error.message}`),
    ];
  }
  if (job.attachment !== null) return [el('h2', {}, 'Result'), el('p', {}, download(job, signal, failure))];
  const text = JSON.stringify(job.result, null, 2);
  const isLong = text.length > LONGEST;
  return [
    el('h2', { id: 'result' }, 'Result'),
    el(
      'pre',
      { tabindex: 0, role: 'region', 'aria-labelledby': 'result' },
      isLong ? text.slice(0, LONGEST) : text,
    ),
    isLong ? el('p', { class: 'quiet' }, `The first ${LONGEST} of ${text.length} characters.`) : null,
  ];
}

/** @param {Job} job @param {AbortSignal} signal @param {HTMLElement} failure */
function download({ id }, signal, failure) {
  const path = `v1/jobs/${id}/attachment`;
  const link = el(
    'a',
    { href: new URL(`../${path}`, import.meta.url).href, download: '' },
    'Download the file',
  );
  link.addEventListener('click', (event) => {
    // A link sends no token.
    if (!hasToken()) return;
    event.preventDefault();
    save(path, signal).catch((error) => {
      failure.textContent = error instanceof Error ? error.message : String(error);
    });
  });
  return link;
}

/** @param {string} path @param {AbortSignal} signal */
async function save(path, signal) {
  const response = await send(path, { signal });
  const [, name = 'attachment'] =
    /filename="([^"]*)"/.exec(response.headers.get('Content-Disposition') ?? '') ?? [];
  const url = URL.createObjectURL(await response.blob());
  el('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
