import { table } from './dom.js';
import { learnNames, nameOf } from './names.js';
import { durationOf, jobLink, nodeLink, progressOf, stateOf, timeOf } from './words.js';

/** @import { Job } from './types.js' */

const COLUMNS = ['Method', 'State', 'Node', 'Caller', 'Progress', 'Created', 'Took'];

/** @param {Job} job @returns {readonly [string, import('./dom.js').Child[][]]} */
function row(job) {
  return [
    job.id,
    [
      [jobLink(job)],
      [stateOf(job)],
      [job.node === null ? `driver ${job.driver}` : nodeLink(job.node, nameOf(job.node))],
      [job.caller ?? '–'],
      progressOf(job),
      [timeOf(job.created_at)],
      [durationOf(job)],
    ],
  ];
}

/** Jobs, the newest first. @param {string} caption @param {AbortSignal} signal */
export function jobTable(caption, signal) {
  const { element, show } = table(caption, COLUMNS);
  /** @type {readonly Job[]} */
  let shown = [];
  /** @param {readonly Job[]} jobs */
  const set = (jobs) => {
    shown = jobs;
    show(shown.map(row));
    learnNames(
      jobs.map(({ node }) => node),
      signal,
    ).then(
      (hasNew) => hasNew && show(shown.map(row)),
      () => {},
    );
  };
  return { element, set };
}

/**
 * The newest jobs with one that changed.
 * @param {readonly Job[]} jobs @param {Job} job @param {number} most @param {boolean} takesNew whether it may be one that is not shown.
 */
export function withJob(jobs, job, most, takesNew) {
  if (jobs.some(({ id }) => id === job.id)) return jobs.map((each) => (each.id === job.id ? job : each));
  if (!takesNew) return jobs;
  return [job, ...jobs].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at)).slice(0, most);
}
