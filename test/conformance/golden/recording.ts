import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The recording of a real Ironic, which is not part of this repository. */
const FILE = resolve(import.meta.dirname, '../../../../shared/golden/exchanges.jsonl');

export const RECORDED_BASE = 'http://127.0.0.1:6390';
export const RECORDED_MAXIMUM = 82;

type Headers = readonly (readonly [name: string, value: string])[];

export interface Exchange {
  readonly seq: number;
  readonly label: string;
  /** Seconds. */
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Headers;
    readonly body?: string;
    readonly body_base64?: string;
  };
  /** Status 0: the connection was closed without an answer. */
  readonly response: { readonly status: number; readonly headers: Headers; readonly body: string };
}

export function readRecording(): Exchange[] | undefined {
  if (!existsSync(FILE)) return undefined;
  const lines = readFileSync(FILE, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Exchange);
}

export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}
