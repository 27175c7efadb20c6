import { type JobDocument } from '../../support/passthru.js';
import { type Break } from './breaker.js';
import { type GivenAnswer, type MadeCall } from './client.js';

/** What the drivers wrote into a file about a call. */
export interface Ledger {
  readonly begun: number;
  readonly hasEnded: boolean;
}

/** Codes of failures that say that nothing was done. */
export const REFUSALS = [
  'NodeLocked',
  'LockLineFull',
  'DatabaseUnavailable',
  'AuditUnavailable',
  'NoFreeConductorWorker',
  'TemporaryFailure',
  'NodeLockLost',
];
/** Codes of failures that do not say what was done. */
export const DOUBTS = ['OutcomeUnknown', 'IdempotentCallRuns', 'ConductorDisconnected', 'ConductorSilent'];

/** Until another process has given up a job of one that died, while troubles keep it from that. */
const MOST_BEYOND_MS = 20_000;

/** How a call was answered wrongly, by what its method has done. */
export function wrongAnswers(call: MadeCall, { begun, hasEnded }: Ledger): string[] {
  const { answers, kind, isLong } = call;
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`${kind} ${call.id}: ${what}`);
  for (const answer of answers) {
    if (!isKnown(answer)) say(`${answer.status} ${answer.code}: ${answer.text.slice(0, 300)}`);
    if (answer.status === 200 && !hasEnded) say('200, and its method has not ended');
    if (answer.status === 200 && !isOwn(answer, call)) say(`the answer is another call's: ${answer.text}`);
    const beyond = beyondLease(answer);
    if (beyond > MOST_BEYOND_MS) say(`refused ${beyond} ms after the end of the lease: ${answer.text}`);
  }
  const isRefused = answers.length > 0 && call.unanswered + call.hung === 0 && answers.every(isRefusal);
  if (isRefused && begun > 0) say(`refused (${answers.map(({ code }) => code).join()}), and it ran`);
  const successes = new Set(answers.filter(({ status }) => status < 300).map(({ job, text }) => job ?? text));
  if (successes.size > 1) say(`its repeats were answered differently: ${[...successes].join(' | ')}`);
  const fresh = answers.filter(({ status, isReplayed }) => status < 300 && !isReplayed).length;
  if (fresh > 1) say(`${fresh} answers do not say that they are repeated`);
  if (isLong && hasEnded) say('it was not aborted when its lock was broken');
  return wrong;
}

/** Milliseconds that a call was refused after the lease of the lock's holder had ended, at least; 0 for others. */
export function beyondLease({ code, text, period }: GivenAnswer): number {
  if (code !== 'NodeLocked') return 0;
  const { until } = JSON.parse(text) as { until?: string | null };
  return until ? Math.max(0, period.from - Date.parse(until)) : 0;
}

/** How the end of a job contradicts what its method has done, and what became of its lock. */
export function wrongEnd(
  { state, error }: JobDocument,
  { isCancelled }: Pick<MadeCall, 'isCancelled'>,
  { begun, hasEnded }: Ledger,
  broken: Break | undefined,
): string | undefined {
  const isBroken = error?.code === 'LockBroken';
  if (isBroken && !broken) return `is ${state}, and nobody has broken its lock`;
  if (broken?.isSure && !(isBroken && state === broken.jobState))
    return `is ${state} (${error?.code}), and ${broken.jobState} was answered when its lock was broken`;
  if (isBroken && state === 'cancelled')
    return begun === 0 ? undefined : 'is cancelled since its lock was broken, and it ran';
  if (state === 'succeeded') return hasEnded ? undefined : 'succeeded and did not run to its end';
  if (state === 'cancelled') return isCancelled ? undefined : 'was cancelled, and nobody asked for it';
  if (state === 'outcome-unknown') return undefined;
  return `is ${state}: ${error?.message}`;
}

/** The conductor that a forwarded call was sent to, if it did not answer it. */
export function unansweredBy({ code, text }: GivenAnswer): string | undefined {
  const isSilent = code === 'ConductorDisconnected' || code === 'ConductorSilent';
  return isSilent ? (/conductor ([^ ]+), which got the call/i.exec(text)?.[1] ?? '') : undefined;
}

function isRefusal({ code }: GivenAnswer): boolean {
  return REFUSALS.includes(code);
}

function isKnown(answer: GivenAnswer): boolean {
  return (
    answer.status === 200 || answer.job !== undefined || isRefusal(answer) || DOUBTS.includes(answer.code)
  );
}

function isOwn({ text }: GivenAnswer, { id }: MadeCall): boolean {
  return (JSON.parse(text) as { id?: unknown }).id === id;
}
