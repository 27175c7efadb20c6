import { NotFound } from '@ferrule/driver-kit';

/** For reading a driver. */
export class DriverNotFound extends NotFound {
  override readonly code = 'DriverNotFound';
  constructor(name: string, known: readonly string[]) {
    super(
      `Could not find the following driver(s) or hardware type(s): ${name}. ${known.length === 0 ? 'No conductor is alive.' : `Enabled: ${known.join(', ')}.`}`,
    );
  }
}

/** For calling a driver. */
export class DriverUnknown extends NotFound {
  override readonly code = 'DriverNotFound';
  constructor(name: string) {
    super(`The driver '${name}' is unknown.`);
  }
}
