import { setTimeout as delay } from 'node:timers/promises';
import { type Called, callExamples } from './examples.js';
import { type Execution } from './execution.js';
import { runMadeUp } from './made-up.js';
import { collectRefusals, type Refusal } from './refusals.js';
import { Stage } from './stage.js';

/** Milliseconds in which a method may still use its task after its end. */
const AFTERMATH = 50;

/**
 * A driver under test: its declarations, and what is seen of it in the service. All is done once, when it is first
 * needed.
 */
export class Trial extends Stage {
  private calling: Promise<readonly Called[]> | undefined;
  private refusing: Promise<readonly Refusal[]> | undefined;
  private running: Promise<readonly Execution[]> | undefined;

  /** The examples, called. */
  called(): Promise<readonly Called[]> {
    this.calling ??= callExamples(this);
    return this.calling;
  }

  /** Every run of a method's code: by the examples, then with arguments that were made up. */
  executions(): Promise<readonly Execution[]> {
    this.running ??= this.runAll();
    return this.running;
  }

  /** Calls with arguments that the schemas forbid. */
  refusals(): Promise<readonly Refusal[]> {
    this.refusing ??= this.called().then((called) => collectRefusals(this, called));
    return this.refusing;
  }

  private async runAll(): Promise<readonly Execution[]> {
    const called = await this.called();
    const byExamples = this.observed();
    const madeUp = await runMadeUp(this, called);
    await delay(AFTERMATH);
    return [...byExamples, ...madeUp];
  }
}
