import { type Answer } from '../../support/http-client.js';
import { compareBodies } from './bodies.js';
import { type Exchange, headerOf } from './recording.js';
import { asksForLatest, type World } from './world.js';

export interface Mismatch {
  /** `status`, `header:<name>`, `form` of an error, or `body:<path>`. */
  readonly where: string;
  readonly recorded: unknown;
  readonly actual: unknown;
}

const VERSION = 'x-openstack-ironic-api-version';
const MINIMUM = 'x-openstack-ironic-api-minimum-version';
const MAXIMUM = 'x-openstack-ironic-api-maximum-version';

export function compare(exchange: Exchange, answer: Answer, world: World): Mismatch[] {
  const { status } = exchange.response;
  const headers = compareHeaders(exchange, answer, world);
  if (status !== answer.status) {
    return [{ where: 'status', recorded: status, actual: answer.status }, ...headers, ...envelope(answer)];
  }
  if (exchange.request.method === 'HEAD') return headers;
  const body = status >= 400 ? compareErrors(exchange, answer) : compareBodies(exchange, answer, world);
  return [...headers, ...body];
}

function compareHeaders(exchange: Exchange, answer: Answer, world: World): Mismatch[] {
  const { headers, status } = exchange.response;
  const recorded = (name: string): string | undefined => headerOf(headers, name);
  const inForce = recorded(VERSION);
  const expected = new Map<string, string | undefined>([
    [MINIMUM, recorded(MINIMUM)],
    [MAXIMUM, recorded(MAXIMUM) && world.version(recorded(MAXIMUM) ?? '')],
    [VERSION, inForce && asksForLatest(exchange) ? world.version(inForce) : inForce],
  ]);
  // These depend on the status.
  if (status === answer.status) {
    expected.set('allow', recorded('allow'));
    expected.set('content-type', recorded('content-type'));
    const location = recorded('location');
    expected.set('location', location && world.translate(location));
  }
  const mismatches = [...expected].map(([name, value]) => ({
    where: `header:${name}`,
    recorded: value,
    actual: answer.headers[name],
  }));
  return mismatches.filter((each) => each.recorded !== each.actual && !isNewNode(exchange, each, world));
}

function isNewNode({ response }: Exchange, { where, actual }: Mismatch, world: World): boolean {
  if (where !== 'header:location' || response.status !== 201 || typeof actual !== 'string') return false;
  return new RegExp(`^${world.translate('http://127.0.0.1:6390')}/v1/nodes/[0-9a-f-]{36}$`).test(actual);
}

/** The texts differ. */
function compareErrors({ response }: Exchange, answer: Answer): Mismatch[] {
  const message = (JSON.parse(response.body) as { error_message: string }).error_message;
  const recorded = JSON.parse(message) as Record<string, unknown>;
  const form = { where: 'form', recorded: Object.keys(recorded).sort().join(), actual: faultKeys(answer) };
  const isAbort = recorded['faultcode'] === undefined;
  const code = { where: 'faultcode', recorded: recorded['faultcode'], actual: answer.fault.faultcode };
  return [form, ...(isAbort ? [] : [code])].filter((each) => each.recorded !== each.actual);
}

function envelope(answer: Answer): Mismatch[] {
  if (answer.status < 400 || answer.text === '') return [];
  const keys = faultKeys(answer);
  return keys === FAULT ? [] : [{ where: 'form', recorded: FAULT, actual: keys }];
}

const FAULT = 'debuginfo,faultcode,faultstring';

function faultKeys(answer: Answer): string {
  return Object.keys(answer.fault).sort().join();
}
