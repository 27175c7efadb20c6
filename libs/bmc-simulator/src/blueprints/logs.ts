import { type JsonObject, link } from '../tree/json.js';
import { collection } from '../tree/layout.js';
import { base } from './base.js';

export function logs(
  owner: string,
  ids: readonly string[],
  permanent: readonly string[] = [],
): Record<string, JsonObject> {
  const path = `${owner}/LogServices`;
  const all = ids.map((id): Record<string, JsonObject> => {
    const service = `${path}/${id}`;
    const clear = { '#LogService.ClearLog': { target: `${service}/Actions/LogService.ClearLog` } };
    return {
      [service]: {
        ...base(service, 'LogService.v1_1_2.LogService', id, `${id} Log`),
        Entries: link(`${service}/Entries`),
        Actions: permanent.includes(id) ? {} : clear,
      },
      ...entries(`${service}/Entries`),
    };
  });
  if (ids.length === 0) {
    return {};
  }
  const members = ids.map((id) => `${path}/${id}`);
  return {
    [path]: collection(path, 'LogServiceCollection', 'Logs', members),
    ...Object.fromEntries(all.flatMap(Object.entries<JsonObject>)),
  };
}

const FAN_FAILED: JsonObject = {
  Severity: 'Critical',
  Message: 'The fan 1 failed.',
  MessageId: 'Environmental.1.0.FanFailed',
  MessageArgs: ['1'],
};
const POWERED_ON: JsonObject = {
  Severity: 'OK',
  Message: 'The system was powered on.',
  MessageId: 'ResourceEvent.1.1.ResourcePoweredOn',
  MessageArgs: ['System'],
};

function entries(path: string): Record<string, JsonObject> {
  const ids = ['1', '2', '3'];
  const told = ids.map((id): [string, JsonObject] => [
    `${path}/${id}`,
    {
      ...base(`${path}/${id}`, 'LogEntry.v1_6_0.LogEntry', id, `Log Entry ${id}`),
      EntryType: 'Event',
      Created: `2026-01-0${id}T00:00:00Z`,
      ...(id === '2' ? FAN_FAILED : POWERED_ON),
    },
  ]);
  const members = ids.map((id) => `${path}/${id}`);
  return {
    [path]: collection(path, 'LogEntryCollection', 'Entries', members),
    ...Object.fromEntries(told),
  };
}
