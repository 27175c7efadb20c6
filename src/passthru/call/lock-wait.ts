import { type Request } from 'express';
import { parameter, seconds } from '../../http/query/parameter.js';
import { preferences } from '../../http/preferences.js';
import { header } from '../../http/request.js';

const MOST_SECONDS = 60;

/** `wait=30`: how long to wait in line for the node's lock. */
export const WAIT = parameter(seconds(MOST_SECONDS).optional(), { since: 1 });

export interface AskedWait {
  readonly seconds: number;
  /** Whether it is what `Prefer` said, which the answer then confirms. */
  readonly isPreference: boolean;
}

/** @param inQuery counts before the header, in which what is not a number of seconds is ignored. */
export function waitOf(request: Request, inQuery: number | undefined): AskedWait | undefined {
  if (inQuery !== undefined) return { seconds: inQuery, isPreference: false };
  const asked = preferences(header(request, 'prefer')).get('wait');
  if (asked === undefined || !/^\d+$/.test(asked)) return undefined;
  return { seconds: Math.min(Number(asked), MOST_SECONDS), isPreference: true };
}
