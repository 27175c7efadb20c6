import { memoryOf, residentSet } from './process-usage.js';
import { type Subject } from './subject.js';

export interface Memory {
  readonly when: string;
  readonly service: number;
  readonly servicePeak: number;
  readonly database: number;
}

export function memoryNow(when: string, { pid, databasePids }: Subject): Memory {
  const { now, peak } = residentSet(pid);
  return { when, service: now, servicePeak: peak, database: memoryOf(databasePids) };
}
