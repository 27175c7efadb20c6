/**
 * Prevents a driver from ending the process: `process.exit`, `process.abort` and `process.kill` of itself throw, and the
 * error is reported.
 */
export class ExitWatch {
  private readonly originals = new Map<string, unknown>();

  constructor(private readonly report: (error: Error) => void) {}

  begin(): void {
    this.replace('exit', (code: unknown) => this.refuse(`process.exit(${textOf(code)})`));
    this.replace('abort', () => this.refuse('process.abort()'));
    const kill = process.kill.bind(process);
    this.replace('kill', (pid: number, signal?: string | number) =>
      pid === process.pid && signal !== 0 ? this.refuse(`process.kill(${pid})`) : kill(pid, signal),
    );
  }

  end(): void {
    for (const [name, original] of this.originals) Reflect.set(process, name, original);
    this.originals.clear();
  }

  private replace(name: 'exit' | 'abort' | 'kill', by: (...args: never[]) => unknown): void {
    this.originals.set(name, Reflect.get(process, name));
    Reflect.set(process, name, by);
  }

  private refuse(call: string): never {
    const error = new Error(`The driver called ${call}, which would end the service.`);
    this.report(error);
    throw error;
  }
}

function textOf(code: unknown): string {
  return code === undefined ? '' : JSON.stringify(code);
}
