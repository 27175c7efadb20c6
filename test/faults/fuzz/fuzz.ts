import fc from 'fast-check';
import { type FuzzService } from './fuzz-service.js';
import { type FuzzRequest, requests } from './requests.js';
import { bytesOf, type FuzzAnswer, send } from './sender.js';

/** Requests on their way at the same time. */
const CONCURRENCY = 16;
/** Requests that are made at a time. */
const PORTION = 500;
const MAXIMUM_FINDINGS = 20;

/** The event loop of the service did nothing else, while requests with this seed were on their way. */
export interface Stall {
  readonly milliseconds: number;
  readonly seed: number;
}

export interface FuzzReport {
  readonly statuses: Readonly<Record<number, number>>;
  /** Each with the request. */
  readonly findings: readonly string[];
  readonly longestStall: Stall;
}

/** Sends random requests. A finding is an answer of 500 and above, a planted secret in an answer, or an end of the service. */
export async function fuzz(
  service: FuzzService,
  {
    count,
    seed,
    say = () => {},
  }: { readonly count: number; readonly seed: number; readonly say?: (line: string) => void },
): Promise<FuzzReport> {
  const statuses: Record<number, number> = {};
  const findings: string[] = [];
  let longestStall: Stall = { milliseconds: 0, seed };
  let sent = 0;
  for (let portion = 0; sent < count && findings.length < MAXIMUM_FINDINGS; portion++) {
    const size = Math.min(PORTION, count - sent);
    const made = fc.sample(requests(await service.known()), { numRuns: size, seed: seed + portion });
    const waiting = made.values();
    const work = async (): Promise<void> => {
      for (const request of waiting) {
        const answer = await send(service.port, request);
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
        const problem = problemOf(service, request, answer);
        if (problem !== undefined) findings.push(`${problem}\n${shown(service, request, answer)}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    sent += size;
    for (const milliseconds of service.stalls())
      if (milliseconds > longestStall.milliseconds) longestStall = { milliseconds, seed: seed + portion };
    if (sent % 10_000 === 0) say(`${sent} requests`);
  }
  findings.push(...service.secretsIn(service.log).map((name) => `The log has the ${name}.`));
  return { statuses, findings, longestStall };
}

function problemOf(service: FuzzService, request: FuzzRequest, answer: FuzzAnswer): string | undefined {
  if (service.hasEnded) return 'The service has ended.';
  if (answer.status >= 500) return `The answer is ${answer.status}.`;
  if (answer.status === 0 && request.damage.length === 0) return 'There is no answer.';
  const [secret] = service.secretsIn(answer.text);
  return secret === undefined ? undefined : `The answer has the ${secret}.`;
}

function shown({ port }: FuzzService, request: FuzzRequest, { text }: FuzzAnswer): string {
  return `${JSON.stringify(bytesOf(port, request).toString('latin1'))}\n${text.slice(0, 600)}`;
}
