import { execFile } from 'node:child_process';

/** Many times what a command needs on a machine that is not busy. */
const TIMEOUT_MS = 120_000;

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A non-zero exit code does not throw. */
export function runCommand(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const options = { env: commandEnvironment(env), timeout: TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error ? error.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new Error(`${program} ${args.join(' ')} did not run: ${error?.message}\n${stderr}`));
    });
  });
}

/** Without what the caller's shell sets for the clients or for Ferrule. */
export function commandEnvironment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(OS|FERRULE)_/.test(name));
  return { ...Object.fromEntries(own), ...env };
}
