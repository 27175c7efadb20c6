import { type Type } from '@nestjs/common';
import { type DriverCheckOptions } from '../subject/options.js';
import { Trial } from '../trial/trial.js';
import { evaluate, rulesFor, type Verdict } from './evaluate.js';

/**
 * Checks a driver as `describeDriver` does, without a test runner.
 * @param module the default export of the driver's package
 * @returns a verdict for each rule up to the grade, in the order of the rules
 */
export async function checkDriver(
  module: Type<object>,
  options: DriverCheckOptions = {},
): Promise<Verdict[]> {
  const trial = new Trial(module, options);
  const verdicts: Verdict[] = [];
  try {
    for (const rule of rulesFor(options)) verdicts.push(await evaluate(trial, rule));
  } finally {
    await trial.stop();
  }
  return verdicts;
}
