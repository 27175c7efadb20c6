import { statSync } from 'node:fs';

/** Specs that wait for leases, time limits and starts; their files are small, and jest would run them last. */
const SLOW =
  /\/test\/(faults|clients|integration\/embedded)\/|\/(conformance-\w+|crash|dev|jobs|serve|shutdown|stray-errors|tarballs)\.spec\.ts$/;

/** Runs slow specs first, so that no worker is idle while another runs the last slow one. */
export default class SlowestFirst {
  sort(tests) {
    const rank = ({ path }) => (SLOW.test(path) ? Infinity : statSync(path).size);
    const ranked = tests.map((test) => ({ test, rank: rank(test) }));
    return ranked.sort((a, b) => (a.rank === b.rank ? 0 : b.rank - a.rank)).map(({ test }) => test);
  }

  cacheResults() {}
}
