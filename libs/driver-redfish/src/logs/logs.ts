import { Attachment, type JsonObject as ResultObject } from '@ferrule/driver-kit';
import {
  actionTarget,
  type JsonObject,
  linkOf,
  RedfishNotFoundError,
  RedfishUnsupportedError,
  RedfishValidationError,
  textAt,
} from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { withKept } from '../bmc/kept.js';
import { type Page, pageOf } from '../bmc/members.js';
import { redacted } from '../bmc/redact.js';
import { type Log, withLog } from './log-services.js';
import { type ClearLogsArgs, type DownloadLogsArgs, type GetLogsArgs } from './logs.args.js';

const CLEAR = '#LogService.ClearLog';
/** Entries of a downloaded log. */
const MOST = 10_000;

/** A page of a log, in the order of the BMC. */
export async function getLogs(call: BmcCall, { log, skip, limit }: GetLogsArgs): Promise<ResultObject> {
  return withLog(call, log, async ({ id, path }, logs) => {
    const { members, total, more } = await entriesOf(call, path, skip, limit);
    return { log: id, path, logs, entries: members.map(entryView), skip, total: total ?? null, more };
  });
}

/** A log as a JSON file: an array of the entries as the BMC has them, at most 10,000. */
export async function downloadLogs(call: BmcCall, { log }: DownloadLogsArgs): Promise<Attachment> {
  return withLog(call, log, async ({ id, path }) => {
    const { members } = await entriesOf(call, path, 0, MOST);
    const text = JSON.stringify(
      members.map((entry) => redacted(entry)),
      undefined,
      1,
    );
    return new Attachment(`${text}\n`, 'application/json', `${id.replace(/[^\w.-]/g, '_')}.json`);
  });
}

/** Clears a log, at most once. */
export async function clearLogs(call: BmcCall, { log }: ClearLogsArgs): Promise<ResultObject> {
  return withLog(call, log, async ({ id, path }) => {
    const { body, url } = await call.bmc.get(path, call.options);
    const target = actionTarget(body, CLEAR);
    if (target === undefined) throw new RedfishUnsupportedError(`${url} cannot be cleared.`);
    await clear(call, target);
    return { log: id, path };
  });
}

async function clear({ bmc, options }: BmcCall, target: string): Promise<void> {
  try {
    await bmc.post(target, {}, options);
  } catch (error) {
    // AMI requires it; the standard does not have it.
    const isMissing =
      error instanceof RedfishValidationError &&
      /\bClearType\b/.test([error.reason, ...error.properties].join(' '));
    if (!isMissing) throw error;
    await bmc.post(target, { ClearType: 'ClearAll' }, options);
  }
}

/** Where the entries are is read from the log once. */
async function entriesOf(call: BmcCall, log: Log['path'], skip: number, limit: number): Promise<Page> {
  const find = async (): Promise<string[]> => {
    const { body, url } = await call.bmc.get(log, call.options);
    const entries = linkOf(body['Entries']);
    if (entries === undefined) throw new RedfishNotFoundError(`${url} has no entries.`);
    return [entries];
  };
  return withKept(call, `entries of ${log}`, find, async ([entries = '']) =>
    pageOf(call, entries, skip, limit),
  );
}

function entryView(entry: JsonObject): JsonObject {
  const at = (name: string): string | null => textAt(entry, name) ?? null;
  return redacted({
    id: at('Id'),
    created: at('Created'),
    severity: at('Severity'),
    message: at('Message'),
    message_id: at('MessageId'),
    type: at('EntryType'),
    sensor: at('SensorType'),
    resolution: at('Resolution'),
  });
}
