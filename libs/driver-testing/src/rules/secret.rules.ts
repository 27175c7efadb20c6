import { Attachment } from '@ferrule/driver-kit';
import { secretsOf } from '../trial/secrets.js';
import { type Trial } from '../trial/trial.js';
import { eachExecution, machine, type Rule } from './rule.js';

/** Secrets of driver_info and of arguments, which a method gets in clear. */
export const SECRET_RULES: readonly Rule[] = [
  machine(
    'secret-not-in-results',
    'bronze',
    'No secret is in results and attachments.',
    eachExecution(async ({ method, args, outcome }, trial) => {
      if (!outcome || !('result' in outcome)) return undefined;
      const { result } = outcome;
      const text = Attachment.is(result) ? new TextDecoder().decode(result.bytes) : JSON.stringify(result);
      return leak(text, await secretsOf(trial, method, args), 'it returns');
    }),
  ),
  machine(
    'secret-not-in-errors',
    'bronze',
    'No secret is in the message of an error.',
    eachExecution(async ({ method, args, outcome }, trial) => {
      if (!outcome || !('error' in outcome)) return undefined;
      const { error } = outcome;
      const text = error instanceof Error ? error.message : String(error);
      return leak(text, await secretsOf(trial, method, args), 'its error has');
    }),
  ),
  machine(
    'secret-not-in-progress',
    'bronze',
    'No secret is in progress.',
    eachExecution(async ({ method, args, reports }, trial) =>
      leak(JSON.stringify(reports), await secretsOf(trial, method, args), 'it reports'),
    ),
  ),
  machine(
    'secret-not-saved',
    'silver',
    'No secret is saved in driver_internal_info.',
    eachExecution(async ({ method, args, saved }, trial) =>
      leak(JSON.stringify(saved), await secretsOf(trial, method, args), 'it saves'),
    ),
  ),
  machine('secret-not-listed', 'bronze', 'No secret is in listings and jobs.', async (trial) => {
    const host = await trial.host();
    const findings = [];
    for (const { method, args, answer, job } of await trial.called()) {
      const node = await trial.nodeOf(method.owner);
      const all =
        method.scope === 'node'
          ? await host.methods(node)
          : await host.driverMethods(node.driver, method.owner.name);
      const refusal = (answer?.status ?? 0) >= 400 ? answer?.message : '';
      const listed = JSON.stringify([all[method.name], job ?? null, refusal]);
      const problem = leak(listed, await secretsOf(trial, method, args), 'listings or jobs show');
      if (problem !== undefined) findings.push({ subject: method.id, problem });
    }
    return findings;
  }),
  machine('secret-not-logged', 'bronze', 'No secret is logged or printed.', async (trial) => {
    const executions = await trial.executions();
    const text = (await trial.logged()).join('\n');
    const findings = new Map<string, { subject: string; problem: string }>();
    for (const { method, args } of executions) {
      const own = await secretsOf(trial, method, args);
      const problem = leak(text, own, 'the log has');
      if (problem !== undefined) findings.set(method.id, { subject: method.id, problem });
    }
    return leaksOfNodes(trial, text, [...findings.values()]);
  }),
];

/** A secret of driver_info that is logged is every method's; it is named once. */
async function leaksOfNodes(
  trial: Trial,
  text: string,
  others: readonly { subject: string; problem: string }[],
): Promise<readonly { subject: string; problem: string }[]> {
  for (const { name } of trial.subject.hardwareTypes) {
    const secrets = await secretsOf(trial, { name: '', owner: { hardwareType: name } }, {});
    if (leak(text, secrets, '') !== undefined)
      return [{ subject: name, problem: 'the log has a secret of driver_info' }];
  }
  return others;
}

function leak(text: string | undefined, secrets: readonly string[], where: string): string | undefined {
  const isLeaked = (secret: string) => text?.includes(secret) === true;
  // Most of these texts are JSON, which escapes quotation marks.
  const found = secrets.some((secret) => isLeaked(secret) || isLeaked(JSON.stringify(secret).slice(1, -1)));
  return found ? `${where} a secret` : undefined;
}
