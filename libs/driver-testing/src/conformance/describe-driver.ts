import { type Type } from '@nestjs/common';
import { type Runner, runner as detected } from '../runner/runner.js';
import { type Rule } from '../rules/rule.js';
import { type DriverCheckOptions } from '../subject/options.js';
import { Trial } from '../trial/trial.js';
import { evaluate, rulesFor, settled, type Verdict } from './evaluate.js';

/** Milliseconds for one rule, many times what it needs. */
const LIMIT = 300_000;

/**
 * Declares a test for each rule of the conformance kit, under jest, vitest and `node --test`:
 *
 * ```ts
 * describeDriver(AcmeDriver, {
 *   driverInfo: { acme_address: '127.0.0.1:8443' },
 *   examples: { flash_firmware: { args: { image: 'https://images.example/bmc.bin' } } },
 *   exempt: { 'argument-named': { 'acme.set_alias AssetTag': 'as the BMC names it' } },
 * });
 * ```
 *
 * `ferrule-check` prints the rules. The examples are called in the real service, which starts with the first rule that
 * needs it and stops at the end.
 * @param module the default export of the driver's package
 */
export function describeDriver(
  module: Type<object>,
  options: DriverCheckOptions = {},
  runner: Runner = detected,
): void {
  const trial = new Trial(module, options);
  const rules = rulesFor(options);
  runner.describe(`${module.name} keeps the rules for drivers:`, () => {
    for (const rule of rules) declare(rule, trial, runner);
    runner.afterAll(async () => void (await trial.stop()), LIMIT);
  });
}

function declare(rule: Rule, trial: Trial, runner: Runner): void {
  const name = `${rule.id} (${rule.grade}): ${rule.title}`;
  const verdict = settled(trial, rule);
  if (verdict?.state === 'by hand') return runner.skip(`${name} [skipped: to be checked by hand]`);
  const exemption = trial.options.exempt?.[rule.id];
  const how = typeof exemption === 'string' ? 'Exempt' : 'Checked';
  const reason = typeof exemption === 'string' ? exemption : verdict?.reason;
  runner.it(
    reason === undefined ? name : `${name} ${how}: ${reason}`,
    async () => assertPassed(await evaluate(trial, rule)),
    LIMIT,
  );
}

function assertPassed({ rule, state, findings, reason }: Verdict): void {
  if (state === 'passed' || state === 'exempt') return;
  const lines = findings.map(({ subject, problem }) => `\n  ${subject}: ${problem}`);
  throw new Error(`${rule.title}${reason === undefined ? '' : ` ${reason}`}${lines.join('')}`);
}
