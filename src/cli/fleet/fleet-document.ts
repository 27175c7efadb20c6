import { z } from 'zod';
import { counted } from '../../text/counted.js';
import { ExitCode } from '../client/exit-code.js';

const Failure = z.looseObject({
  node: z.string(),
  state: z.string(),
  job: z.string().nullable(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
});

/** A fleet call, as the API shows it; `failures` only where one is asked for. */
export const FleetDocument = z.looseObject({
  id: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  method: z.string(),
  nodes: z.number(),
  counts: z.record(z.string(), z.number()),
  caller: z.string().nullable(),
  created_at: z.string(),
  ended_at: z.string().nullable(),
  failures: z.array(Failure).optional(),
});
export type FleetDocument = z.output<typeof FleetDocument>;

/** For example `running: 400 nodes, 320 waiting, 50 started, 30 succeeded`. */
export function progressText({ state, nodes, counts }: FleetDocument): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return `${state}: ${counted(nodes, 'node')}, ${parts.join(', ')}`;
}

export function failuresText({ failures = [] }: FleetDocument): string {
  return failures
    .map(({ node, state, job, error }) => {
      const where = job === null ? '' : ` (job ${job})`;
      return `${node} ${state}${where}${error === null ? '' : `: ${error.message}`}`;
    })
    .join('\n');
}

/** By how it ended: 0 only if all nodes succeeded. */
export function codeOfFleetCall({ state, nodes, counts }: FleetDocument): ExitCode {
  if (state === 'finished' && counts['succeeded'] === nodes) return ExitCode.succeeded;
  if (state === 'cancelled') return ExitCode.stopped;
  const isUnknown = (counts['outcome-unknown'] ?? 0) > 0;
  return isUnknown ? ExitCode.unknown : ExitCode.failed;
}
