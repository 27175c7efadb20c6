import { type z } from 'zod';
import { InvalidParameterValue, MissingParameterValue } from './errors.js';
import { type JsonObject } from './json.js';

/**
 * Checks driver_info of a node. Messages name every wrong key and no value, since driver_info contains passwords.
 * @returns what the schema makes of it
 * @throws MissingParameterValue if all that is wrong is that keys are missing
 * @throws InvalidParameterValue if a key has a wrong value
 */
export function checkDriverInfo<S extends z.ZodType>(
  driver: string,
  nodeUuid: string,
  schema: S,
  driverInfo: JsonObject,
): z.output<S> {
  const parsed = schema.safeParse(driverInfo, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const missing = issues.filter((issue) => issue.input === undefined && issue.path.length > 0);
  const invalid = issues.filter((issue) => !missing.includes(issue));
  const names = missing.map((issue) => `'${issue.path.join('.')}'`).join(', ');
  const sentences = [
    ...(missing.length > 0
      ? [`Missing the following ${driver} properties in node ${nodeUuid} driver_info: [${names}].`]
      : []),
    ...invalid.map(
      (issue) =>
        `Invalid value set in driver_info/${issue.path.join('/')} on node ${nodeUuid}: ${issue.message}.`,
    ),
  ];
  throw new (invalid.length === 0 ? MissingParameterValue : InvalidParameterValue)(sentences.join(' '));
}
