import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Child } from './child.js';
import { type CommandResult, commandEnvironment } from './command.js';
import { pathOf } from './require.js';

const RUNNER = resolve(import.meta.dirname, 'python-program.py');

/** A program in Python whose imports take longer than its commands: a process imports it once and forks for each. */
export class PythonProgram {
  private child: Child | undefined;
  /** The commands run one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly name: string) {}

  /** A non-zero exit code does not throw. */
  run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<CommandResult> {
    const result = this.last.then(async () => {
      this.child ??= new Child(start(this.name));
      this.child.say(JSON.stringify({ args, env: commandEnvironment(env) }));
      const answer = JSON.parse(await this.child.line()) as CommandResult;
      if (answer.code >= 0) return answer;
      throw new Error(`${this.name} ${args.join(' ')} ended by signal ${-answer.code}.\n${answer.stderr}`);
    });
    this.last = result.catch(() => {});
    return result;
  }

  async stop(): Promise<void> {
    await this.child?.kill('SIGTERM');
    this.child = undefined;
  }
}

function start(name: string): ChildProcess {
  const file = pathOf(name);
  if (file === undefined) throw new Error(`${name} is not installed.`);
  const [, python] = /^#! *(\S*python\S*)/.exec(readFileSync(file, 'utf8')) ?? [];
  if (python === undefined) throw new Error(`${file} is not written in Python.`);
  return spawn(python, [RUNNER, file], { stdio: ['pipe', 'pipe', 'pipe'] });
}
