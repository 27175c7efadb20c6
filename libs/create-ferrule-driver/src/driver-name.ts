const VALID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const TEMPLATE = 'acme-xr';
/** Hardware types of the packages that come with Ferrule. */
const TAKEN = new Set(['fake-hardware', 'redfish', 'idrac', 'ipmi', 'methods']);

/** The name of a hardware type in the spellings that a package needs. */
export class DriverName {
  /** @param value the hardware type, such as `acme-xr` */
  private constructor(readonly value: string) {}

  /** Whether `parse` takes it. */
  static isValid(value: string): boolean {
    return hasForm(value) && !TAKEN.has(value);
  }

  /** @throws Error saying what a name must be */
  static parse(value: string): DriverName {
    if (!hasForm(value)) {
      throw new Error(
        `'${value}' cannot be the name of a hardware type: use lower-case letters, digits and single dashes, ` +
          'a letter first, at most 60 characters, for example acme-xr.',
      );
    }
    if (TAKEN.has(value)) throw new Error(`'${value}' is taken by Ferrule itself: choose another name.`);
    return new DriverName(value);
  }

  get package(): string {
    return `ferrule-driver-${this.value}`;
  }

  /** Writes this name in place of the one that the templates use, in each spelling. */
  replaceIn(text: string): string {
    const from = spellings(TEMPLATE);
    const to = spellings(this.value);
    return from.reduce((replaced, spelling, at) => replaced.replaceAll(spelling, to[at] ?? spelling), text);
  }
}

function hasForm(value: string): boolean {
  return value.length <= 60 && VALID.test(value);
}

/** `acme-xr`, `acme_xr`, `ACME_XR`, `AcmeXr`, `acmeXr`. */
function spellings(name: string): string[] {
  const words = name.split('-');
  const pascal = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return [
    name,
    words.join('_'),
    words.join('_').toUpperCase(),
    pascal,
    pascal.charAt(0).toLowerCase() + pascal.slice(1),
  ];
}
