import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type ApiAnswer, type ApiClient } from '../client/api-client.js';
import { AnsweredError, ConnectionError } from '../client/client-error.js';
import { ExitCode, isLostBehind, WrongUsage } from '../client/exit-code.js';
import { interruptibly } from '../client/interruption.js';
import { followJob, type FollowOptions } from '../jobs/follow.command.js';
import { type Output } from '../output.js';
import { type ArgumentOptions, argumentsOf } from './arguments.js';
import { callOnce } from './repeated-call.js';
import { saveAnswer, toSave } from '../client/result.js';
import { codeOfDryRun, DryRunDocument, verdictsText } from './verdicts.js';

export interface CallOptions extends ArgumentOptions, FollowOptions {
  readonly driver?: string;
  readonly vendorInterface?: string;
  readonly httpMethod?: string;
  readonly waitForLock?: string;
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
  /** Whether to wait for the job. */
  readonly wait?: boolean;
}

const Methods = z.record(
  z.string(),
  z.looseObject({ http_methods: z.array(z.string()), async: z.boolean(), timeout: z.number().optional() }),
);

interface Target {
  /** Of its methods. */
  readonly path: string;
  readonly method: string;
}

interface Verb {
  readonly verb: string;
  /** Until the answer. */
  readonly seconds: number;
}

/** @param names node and method, or the method with `driver`. */
export async function callMethod(
  client: ApiClient,
  names: readonly (string | undefined)[],
  options: CallOptions,
  out: Output,
): Promise<ExitCode> {
  const { path, method } = targetOf(names, options);
  const wait = waitOf(options.waitForLock);
  const args = await argumentsOf(options);
  await toSave(options);
  const query = { vendor_interface: options.vendorInterface };
  const { verb, seconds } = await verbOf(client, { path, method }, query, options.httpMethod);
  const hasBody = verb !== 'GET' || Object.keys(args).length > 0;
  const where = `${path}/${encodeURIComponent(method)}`;
  const request = { query: { ...query, wait }, ...(hasBody && { json: args }) };
  if (options.dryRun === true) {
    const asked = { ...request, query: { ...request.query, dry_run: 'true' } };
    const document = await client.json(DryRunDocument, verb, where, asked);
    out.print(options.json === true ? JSON.stringify(document, null, 2) : verdictsText(document));
    return codeOfDryRun(document);
  }
  const key = options.idempotencyKey ?? randomUUID();
  const answer = await asked(key, out, (signal, note) =>
    callOnce(
      client,
      verb,
      where,
      { ...request, headers: { 'Idempotency-Key': key }, waitSeconds: seconds + (wait ?? 0), signal },
      note,
    ),
  );
  if (answer.status !== 202) {
    await saveAnswer(answer, options, out);
    return ExitCode.succeeded;
  }
  return follow(client, jobOf(answer), options, out);
}

async function follow(client: ApiClient, id: string, options: CallOptions, out: Output): Promise<ExitCode> {
  if (options.wait === false) {
    out.print(options.json === true ? JSON.stringify({ job: id }) : id);
    return ExitCode.succeeded;
  }
  out.complain(`Job ${id}`);
  return followJob(client, id, options, out);
}

/** Says with what to ask again where it is not known what became of the call. */
async function asked(
  key: string,
  out: Output,
  work: (signal: AbortSignal, note: (why: string) => void) => Promise<ApiAnswer>,
): Promise<ApiAnswer> {
  const again = `To ask what became of it: the same command with --idempotency-key ${key}`;
  try {
    return await interruptibly(
      () => `The call may go on. ${again}`,
      (signal) => work(signal, (why) => out.complain(why)),
    );
  } catch (error) {
    const isOpen = error instanceof ConnectionError && !error.isUnsent;
    const isUndecided =
      error instanceof AnsweredError && (error.code === 'IdempotentCallRuns' || isLostBehind(error));
    if (isOpen || isUndecided) out.complain(`The call may have been made. ${again}`);
    throw error;
  }
}

function targetOf([first = '', second]: readonly (string | undefined)[], options: CallOptions): Target {
  const { driver, vendorInterface, waitForLock } = options;
  if (driver !== undefined) {
    if (second !== undefined) throw new WrongUsage('error: with --driver only the method is named');
    if (waitForLock !== undefined)
      throw new WrongUsage('error: a method of a driver has no lock to wait for');
    return { path: `/v1/drivers/${encodeURIComponent(driver)}/vendor_passthru`, method: first };
  }
  if (second === undefined) throw new WrongUsage("error: missing required argument 'method'");
  if (vendorInterface !== undefined) throw new WrongUsage('error: --vendor-interface needs --driver');
  return { path: `/v1/nodes/${encodeURIComponent(first)}/vendor_passthru`, method: second };
}

function waitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new WrongUsage(`error: --wait-for-lock takes seconds, not '${text}'`);
}

/** Of a method that the listing does not have, the service says why. */
async function verbOf(
  client: ApiClient,
  { path, method }: Target,
  query: { readonly vendor_interface: string | undefined },
  given: string | undefined,
): Promise<Verb> {
  const asked = { query: { ...query, detail: 'true' } };
  const methods = await client.json(Methods, 'GET', `${path}/methods`, asked).catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error;
    throw new ConnectionError(`${error.message} Nothing was called.`, true, { cause: error });
  });
  const found = Object.entries(methods).find(([name]) => name === method)?.[1];
  const verbs = found?.http_methods ?? [];
  const verb = given?.toUpperCase() ?? (verbs.includes('POST') ? 'POST' : verbs[0]) ?? 'POST';
  return { verb, seconds: found?.async === false ? (found.timeout ?? 0) : 0 };
}

function jobOf({ headers }: ApiAnswer): string {
  const id = /\/jobs\/([^/?#]+)$/.exec(headers.location ?? '')?.[1];
  if (id === undefined) throw new ConnectionError('The answer names no job.', false);
  return id;
}
