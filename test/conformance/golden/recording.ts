import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The recording of a real Ironic, beside the checkout; nothing of it is in this repository. */
const FILE = resolve(import.meta.dirname, '../../../../shared/golden/exchanges.jsonl');

/** The address that the recording's clients talked to. */
export const RECORDED_BASE = 'http://127.0.0.1:6390';
/** The greatest version of the recorded service. */
export const RECORDED_MAXIMUM = 82;

type Headers = readonly (readonly [name: string, value: string])[];

/** One request and its answer, as they went over the wire. */
export interface Exchange {
  /** Its number in the whole run. */
  readonly seq: number;
  /** The step that it belongs to; a step is one command or one request. */
  readonly label: string;
  /** When it was sent: seconds. */
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

/** The exchanges in their order; undefined where there is no recording. */
export function readRecording(): Exchange[] | undefined {
  if (!existsSync(FILE)) return undefined;
  const lines = readFileSync(FILE, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Exchange);
}

/** A header by its lower-case name. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}
