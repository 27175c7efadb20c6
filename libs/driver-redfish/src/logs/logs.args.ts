import { z } from 'zod';

const Log = z.string().min(1, 'it is empty').max(2000);
const ANY_LOG = "The Id or path of the log; without it, the BMC's log of hardware events.";

/** Command line clients send numbers as texts. */
function count(least: number, most: number, byDefault: number) {
  const words = `it may be a whole number from ${least} to ${most}`;
  return z.coerce
    .number(words)
    .int(words)
    .min(least, words)
    .max(most, words)
    .default(byDefault)
    .meta({ type: 'integer' });
}

export const GetLogsArgs = z.strictObject({
  log: Log.optional().describe(ANY_LOG),
  skip: count(0, 1_000_000, 0).describe('The number of entries to leave out.'),
  limit: count(1, 1_000, 100).describe('The most entries to return.'),
});

export const DownloadLogsArgs = z.strictObject({ log: Log.optional().describe(ANY_LOG) });

export const ClearLogsArgs = z.strictObject({
  log: Log.describe('The Id or path of the log to clear.'),
});

export type GetLogsArgs = z.output<typeof GetLogsArgs>;
export type DownloadLogsArgs = z.output<typeof DownloadLogsArgs>;
export type ClearLogsArgs = z.output<typeof ClearLogsArgs>;
