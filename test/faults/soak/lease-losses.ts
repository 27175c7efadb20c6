import { type Service } from '../../support/service.js';

const LOSS = /"time":"([^"]+)"[^\n]*The lease of this process could not be renewed[^\n]*\n/g;

interface Read {
  /** Characters of the log. */
  length: number;
  readonly losses: number[];
}

/** Logs are long, and asked for often. */
const read = new WeakMap<Service, Read>();

/** When it has lost its lease, by its log: milliseconds since 1970. */
export function lossesOfLease(service: Service): readonly number[] {
  const known = read.get(service) ?? { length: 0, losses: [] };
  read.set(service, known);
  const { log } = service;
  const end = log.lastIndexOf('\n') + 1;
  for (const [, time = ''] of log.slice(known.length, end).matchAll(LOSS))
    known.losses.push(Date.parse(time));
  known.length = Math.max(known.length, end);
  return known.losses;
}
