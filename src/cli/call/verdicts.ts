import { z } from 'zod';
import { ExitCode } from '../client/exit-code.js';
import { table } from '../table.js';

/** What a dry run answers. */
export const DryRunDocument = z.looseObject({
  would: z.number(),
  verdicts: z.array(
    z.looseObject({
      name: z.string(),
      ok: z.boolean().nullable(),
      message: z.string().optional(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
});
export type DryRunDocument = z.output<typeof DryRunDocument>;

export function verdictsText({ would, verdicts }: DryRunDocument): string {
  const rows = verdicts.map(({ name, ok, message, details }) => [
    ok === null ? 'not checked' : ok ? 'ok' : 'failed',
    name,
    message ?? (details === undefined ? '' : JSON.stringify(details)),
  ]);
  return `${table(rows)}\nThe call would be answered with ${would}. Nothing was done.`;
}

export function codeOfDryRun({ would }: DryRunDocument): ExitCode {
  return would < 300 ? ExitCode.succeeded : ExitCode.refused;
}
