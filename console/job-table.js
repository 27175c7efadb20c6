import { table } from './dom.js';
import { learnNames, nameOf } from './names.js';
import { durationOf, jobLink, nodeLink, progressOf, stateOf, timeOf } from './words.js';

/** @import { Job } from './types.js' */

const COLUMNS = ['Method', 'State', 'Node', 'Caller', 'Progress', 'Created', 'Took'];

/** @param {Job} job @param {boolean} hasNode @returns {readonly [string, import('./dom.js').Child[][]]} */
function row(job, hasNode) {
  const target = job.node === null ? `driver ${job.driver}` : nodeLink(job.node, nameOf(job.node));
  return [
    job.id,
    [
      [jobLink(job)],
      [stateOf(job)],
      ...(hasNode ? [[target]] : []),
      job.caller === null ? [] : [job.caller],
      progressOf(job),
      [timeOf(job.created_at)],
      [durationOf(job)],
    ],
  ];
}

/** Jobs, the newest first. @param {string} caption @param {AbortSignal} signal @param {boolean} [hasNode] whether it names the nodes. */
export function jobTable(caption, signal, hasNode = true) {
  const columns = COLUMNS.filter((name) => hasNode || name !== 'Node');
  const { element, show } = table(caption, columns);
  /** @type {readonly Job[]} */
  let shown = [];
  /** @param {readonly Job[]} jobs */
  const set = (jobs) => {
    shown = jobs;
    show(shown.map((job) => row(job, hasNode)));
    learnNames(
      jobs.map(({ node }) => node),
      signal,
    ).then(
      (hasNew) => hasNew && show(shown.map((job) => row(job, hasNode))),
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
