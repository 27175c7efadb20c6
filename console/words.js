import { el } from './dom.js';

/** @import { Job, Lock, NodeDocument } from './types.js' */
/** @import { Child } from './dom.js' */

export const STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'refused',
  'outcome-unknown',
];

/** @param {Job} job */
export function hasEnded({ state }) {
  return state !== 'queued' && state !== 'running';
}

/** @param {Job} job */
export function stateOf(job) {
  const isStopping = job.state === 'running' && job.cancel_requested_at !== null;
  return el('span', { class: `state ${job.state}` }, isStopping ? 'running, to be cancelled' : job.state);
}

/** @param {string | null} text RFC 3339. */
export function timeOf(text) {
  if (text === null) return '–';
  const time = new Date(text);
  const isToday = time.toDateString() === new Date().toDateString();
  const shown = isToday ? time.toLocaleTimeString() : time.toLocaleString();
  return el('time', { datetime: text, title: time.toLocaleString() }, shown);
}

/** @param {Job} job */
export function durationOf({ started_at, finished_at }) {
  if (started_at === null || finished_at === null) return '';
  const seconds = Math.max(0, Date.parse(finished_at) - Date.parse(started_at)) / 1_000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {Job} job */
export function progressOf({ state, progress, error, method }) {
  if (error !== null) return [error.code];
  if (progress === null || state === 'succeeded') return [];
  const { percent, message } = progress;
  const bar =
    percent === null
      ? null
      : el(
          'span',
          { class: 'progress' },
          el('progress', { max: 100, value: percent, 'aria-label': `Progress of ${method}` }),
          `${Math.round(percent)} %`,
        );
  return [bar, message === null ? null : el('span', { class: 'message' }, message)];
}

/** @param {Job} job */
export function jobLink({ id, method }) {
  return el('a', { href: `#/jobs/${id}` }, method);
}

/** @param {string} uuid @param {string | null | undefined} name */
export function nodeLink(uuid, name) {
  return el('a', { href: `#/nodes/${uuid}`, title: uuid }, name ?? uuid.slice(0, 8));
}

/** @param {NodeDocument} node @param {Lock | undefined} lock @returns {Child[]} */
export function lockOf({ reservation }, lock) {
  if (reservation === null) return [el('span', { class: 'quiet' }, 'free')];
  const held = el('span', { class: 'lock' }, `locked by ${reservation}`);
  // The two were asked for at different moments.
  if (lock?.holder !== reservation) return [held];
  const { job, purpose, caller, since, waiting } = lock;
  return [
    held,
    el(
      'span',
      { class: 'quiet' },
      job === null ? purpose : el('a', { href: `#/jobs/${job}` }, 'for a job'),
      caller === null ? '' : ` of ${caller}`,
      ' since ',
      timeOf(since),
      waiting === 0 ? '' : `, ${waiting} waiting`,
    ),
  ];
}

/** @param {number} count @param {string} noun in the singular. */
export function counted(count, noun) {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
