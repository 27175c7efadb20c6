/** A line with members of its own, as a message for Nest's loggers. */
export class LoggedLine {
  constructor(
    readonly text: string,
    readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  /** For loggers that know only texts. */
  toString(): string {
    const fields = Object.entries(this.fields).map(([name, value]) => `${name}=${textOf(value)}`);
    return [this.text, ...fields].join(' ');
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
