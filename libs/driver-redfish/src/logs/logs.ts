import { Attachment, InvalidParameterValue, type JsonObject as ResultObject } from '@ferrule/driver-kit';
import { type JsonObject, LogServices, textAt } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { redacted } from '../bmc/redact.js';
import { unreadView } from '../bmc/unread-view.js';
import { orUnsupported } from '../bmc/unsupported.js';
import { type ClearLogsArgs, type DownloadLogsArgs, type GetLogsArgs } from './logs.args.js';

const MISSING = {
  LogServices: 'has no logs',
  Entries: 'does not list the entries of this log',
};
/** Bytes of an attachment. */
const MOST = 16 * 1024 * 1024;

/** A page of a log, in the order of the BMC. */
export async function getLogs(call: BmcCall, { log, skip, limit }: GetLogsArgs): Promise<ResultObject> {
  return orUnsupported(call, MISSING, async () => {
    const page = await new LogServices(call.bmc).page(log, { ...call.options, skip, limit });
    return {
      log: page.log.id,
      path: page.log.path,
      logs: page.logs.map(({ id }) => id),
      entries: page.members.map(entryView),
      skip,
      total: page.total ?? null,
      more: page.more,
      ...unreadView(page.unread),
    };
  });
}

/**
 * A whole log as a JSON file: an object with its Id as `log`, and as `entries` those of the BMC as it has them. An
 * object, since `baremetal` shows only the first item of a list.
 * @throws InvalidParameterValue for a log that is larger than an attachment may be
 */
export async function downloadLogs(call: BmcCall, { log: name }: DownloadLogsArgs): Promise<Attachment> {
  return orUnsupported(call, MISSING, async () => {
    const { log, entries } = await new LogServices(call.bmc).open(name, call.options);
    const head = Buffer.from(`{\n"log": ${JSON.stringify(log.id)},\n"entries": [`);
    const pieces: Buffer[] = [head];
    let size = head.length;
    for await (const entry of entries) {
      const comma = pieces.length === 1 ? '' : ',';
      const piece = Buffer.from(`${comma}\n${JSON.stringify(redacted(entry), undefined, 1)}`);
      size += piece.length;
      if (size > MOST) {
        throw new InvalidParameterValue(
          `The log ${log.id} of node ${call.nodeUuid} is larger than 16 MiB; read it in pages with get_logs.`,
        );
      }
      pieces.push(piece);
    }
    pieces.push(Buffer.from('\n]\n}\n'));
    return new Attachment(
      Buffer.concat(pieces),
      'application/json',
      `${log.id.replace(/[^\w.-]/g, '_')}.json`,
    );
  });
}

/** Clears a log, at most once. */
export async function clearLogs(call: BmcCall, { log }: ClearLogsArgs): Promise<ResultObject> {
  return orUnsupported(call, MISSING, async () => {
    const { id, path } = await new LogServices(call.bmc).clear(log, call.options);
    return { log: id, path };
  });
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
