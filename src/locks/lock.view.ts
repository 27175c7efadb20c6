import { z } from 'zod';

const Timestamp = z.string().describe('RFC 3339 in UTC with microseconds.');

export const LockView = z.object({
  node: z.string().describe('UUID of the node.'),
  name: z.string().nullable().describe('Of the node.'),
  driver: z.string(),
  holder: z.string().describe('Host that holds it.'),
  caller: z.string().nullable().describe('Name of the caller that it is held for; null without one.'),
  purpose: z.string().describe('For example `request:req-…` or `job:…`.'),
  since: Timestamp,
  until: Timestamp.nullable().describe(
    'When the lease of its holder ends, which is renewed while the holder lives; null while a queued job holds it.',
  ),
  job: z
    .string()
    .nullable()
    .describe('Id of the job that holds it; null for a synchronous call or a change.'),
  fence: z.number().int().describe('Higher than that of each earlier lock of the node.'),
  waiting: z.number().int().describe('Calls that stand in line for it.'),
});
export type LockView = z.output<typeof LockView>;
