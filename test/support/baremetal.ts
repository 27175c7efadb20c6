import { type CommandResult } from './command.js';
import { PythonProgram } from './python-program.js';

export interface Baremetal {
  run(...args: string[]): Promise<CommandResult>;
  /** The output; the command must succeed. */
  prints(...args: string[]): Promise<string>;
  shows<T>(...args: string[]): Promise<T>;
  /** The error message; the command must fail. */
  complains(...args: string[]): Promise<string>;
}

const program = new PythonProgram('baremetal');
afterAll(() => program.stop());

export function baremetal(endpoint: () => string): Baremetal {
  return baremetalWith(() => ({ OS_AUTH_TYPE: 'none', OS_ENDPOINT: endpoint() }));
}

/** @param environment the variables `OS_…`. */
export function baremetalWith(environment: () => Readonly<Record<string, string>>): Baremetal {
  const run = (...args: string[]): Promise<CommandResult> => program.run(args, environment());

  const prints = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  return {
    run,
    prints,
    shows: async <T>(...args: string[]) => JSON.parse(await prints(...args, '-f', 'json')) as T,
    complains: async (...args) => {
      const { code, stderr } = await run(...args);
      expect(code).toBe(1);
      expect(stderr).not.toContain('Traceback');
      return stderr;
    },
  };
}
