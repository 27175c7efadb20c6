import { type ApiClient } from '../client/api-client.js';
import { ExitCode } from '../client/exit-code.js';
import { interruptibly } from '../client/interruption.js';
import { Patience } from '../client/patience.js';
import { type Output } from '../output.js';
import { table } from '../table.js';
import { codeOfFleetCall, failuresText, FleetDocument, progressText } from './fleet-document.js';

/** Seconds between two lines of progress, if nothing ends before. */
const WAIT = 2;
const SHORT_MS = 1_000;

export interface ShowOptions {
  readonly json?: boolean;
}

export interface ListOptions extends ShowOptions {
  readonly state?: string;
  readonly caller?: string;
}

export async function listFleetCalls(
  client: ApiClient,
  { state, caller, json = false }: ListOptions,
  out: Output,
): Promise<ExitCode> {
  const found: FleetDocument[] = [];
  const query = { state, caller };
  for await (const call of client.list(FleetDocument, 'fleet_calls', '/v1/fleet_calls', { query })) {
    found.push(call);
  }
  if (json) {
    out.print(JSON.stringify(found, null, 2));
    return ExitCode.succeeded;
  }
  const rows = found.map((call) => [
    ...[call.id, call.state, call.method, String(call.nodes), String(call.counts['succeeded'] ?? 0)],
    ...[call.caller ?? '-', call.created_at.slice(0, 19)],
  ]);
  out.print(table([['ID', 'STATE', 'METHOD', 'NODES', 'SUCCEEDED', 'CALLER', 'CREATED (UTC)'], ...rows]));
  return ExitCode.succeeded;
}

/** @param ask what shows, moves or cancels it. */
export async function askFleetCall(
  client: ApiClient,
  id: string,
  ask: { readonly verb: 'GET' | 'DELETE' } | { readonly target: 'paused' | 'running' },
  options: ShowOptions,
  out: Output,
): Promise<ExitCode> {
  const path = pathOf(id);
  const call =
    'verb' in ask
      ? await client.json(FleetDocument, ask.verb, path)
      : await client.json(FleetDocument, 'PUT', `${path}/state`, { json: ask });
  printFleetCall(call, options, out);
  return ExitCode.succeeded;
}

/** Shows its progress until it has ended, over lost connections. @returns by how it ended. */
export async function followFleetCall(
  client: ApiClient,
  id: string,
  options: ShowOptions,
  out: Output,
): Promise<ExitCode> {
  const call = await interruptibly(
    () => `The fleet call goes on; ferrule fleet-calls follow ${id} follows it again.`,
    (signal) => endOf(client, id, signal, out),
  );
  printFleetCall(call, options, out);
  return codeOfFleetCall(call);
}

async function endOf(
  client: ApiClient,
  id: string,
  signal: AbortSignal,
  out: Output,
): Promise<FleetDocument> {
  const patience = new Patience(signal);
  for (let shown = ''; ;) {
    const wait = shown === '' ? 0 : WAIT;
    const request = { query: { wait }, waitSeconds: wait, signal };
    const begun = performance.now();
    const call = await patience.attempt(() => client.json(FleetDocument, 'GET', pathOf(id), request));
    if (!call) continue;
    patience.heard();
    if (call.ended_at !== null) return call;
    const text = progressText(call);
    if (text !== shown) out.complain(text);
    // A service that stops answers before the time.
    if (wait > 0 && performance.now() - begun < SHORT_MS) await patience.pause();
    shown = text;
  }
}

function printFleetCall(call: FleetDocument, { json = false }: ShowOptions, out: Output): void {
  if (json) {
    out.print(JSON.stringify(call, null, 2));
    return;
  }
  out.print(`Fleet call ${call.id} of ${call.method} is ${progressText(call)}.`);
  if (call.reason !== null) out.print(call.reason);
  const failures = failuresText(call);
  if (failures !== '') out.print(failures);
}

function pathOf(id: string): string {
  return `/v1/fleet_calls/${encodeURIComponent(id)}`;
}
