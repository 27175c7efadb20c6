import { InvalidParameterValue, type JsonObject, MissingParameterValue } from '@ferrule/driver-kit';
import { type z } from 'zod';

/** As the service checks driver_info: an error names every wrong key and no value. */
export function checkedDriverInfo<S extends z.ZodType>(
  driver: string,
  node: string,
  schema: S,
  driverInfo: JsonObject,
): z.output<S> {
  const parsed = schema.safeParse(driverInfo, { reportInput: true });
  if (parsed.success) return parsed.data;
  const keys = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  const isOnlyMissing = parsed.error.issues.every(({ input }) => input === undefined);
  throw isOnlyMissing
    ? new MissingParameterValue(`Node ${node} of driver ${driver} lacks these keys of driver_info: ${keys}.`)
    : new InvalidParameterValue(`Node ${node} of driver ${driver} has wrong keys in driver_info: ${keys}.`);
}
