import { FerruleError } from '@ferrule/driver-kit';

/** In the order of the answer. */
export const CHECKS = ['version', 'caller', 'policy', 'method', 'arguments', 'validate', 'lock'] as const;
export type CheckName = (typeof CHECKS)[number] | 'rehearsal';

type Details = Readonly<Record<string, unknown>>;

export interface Verdict {
  readonly name: CheckName;
  /** Null: not checked, or not known. */
  readonly ok: boolean | null;
  readonly message?: string;
  readonly details?: Details;
}

/** What a call would meet, one check after the other. */
export class Verdicts {
  private readonly found = new Map<CheckName, Verdict>();
  private readonly failures: FerruleError[] = [];

  /** What the call would be answered with, if it would fail. */
  get failure(): FerruleError | undefined {
    return this.failures[0];
  }

  passed(name: CheckName, details?: Details): void {
    this.found.set(name, { name, ok: true, ...(details ? { details } : {}) });
  }

  failed(name: CheckName, error: FerruleError): void {
    this.found.set(name, failure(name, error));
    this.failures.push(error);
  }

  /** Of what becomes of the call only after it was accepted. */
  failedLater(name: CheckName, error: FerruleError): void {
    this.found.set(name, failure(name, error));
  }

  unknown(name: CheckName, message: string, details?: Details): void {
    this.found.set(name, { name, ok: null, message, ...(details ? { details } : {}) });
  }

  /** @throws what is no error of a call. */
  async check(name: CheckName, work: () => void | Promise<void>): Promise<boolean> {
    try {
      await work();
    } catch (error) {
      if (!FerruleError.is(error)) throw error;
      this.failed(name, error);
      return false;
    }
    this.passed(name);
    return true;
  }

  get all(): readonly Verdict[] {
    const rehearsal = this.found.get('rehearsal');
    const message = 'It is not checked, because of what failed before.';
    const checks = CHECKS.map((name) => this.found.get(name) ?? { name, ok: null, message });
    return rehearsal ? [...checks, rehearsal] : checks;
  }
}

function failure(name: CheckName, { message, code, details }: FerruleError): Verdict {
  return { name, ok: false, message, details: { ...details, code } };
}
