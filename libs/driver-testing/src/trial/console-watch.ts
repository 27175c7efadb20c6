const METHODS = ['debug', 'error', 'info', 'log', 'warn'] as const;

type Print = (...parts: unknown[]) => void;
type Printing = Record<(typeof METHODS)[number], Print>;

/** Keeps what is printed with `console`, and prints it as before. */
export class ConsoleWatch {
  readonly lines: string[] = [];
  private readonly target = Reflect.get(globalThis, 'console') as Printing;
  private originals: Printing | undefined;

  begin(): void {
    const originals = { ...this.target };
    this.originals = originals;
    for (const name of METHODS) {
      this.target[name] = (...parts) => {
        this.lines.push(parts.map(String).join(' '));
        Reflect.apply(originals[name], this.target, parts);
      };
    }
  }

  end(): void {
    Object.assign(this.target, this.originals);
    this.originals = undefined;
  }
}
