import { type RawBytes } from './raw-bytes.js';

interface Range {
  readonly from: number;
  readonly to: number;
}

interface Entry {
  readonly text: string;
  readonly functions: Range;
  readonly commands: Range | undefined;
}

const NUMBER = '(?:0x[0-9a-f]{1,2}|0|[1-9][0-9]{0,2})';
const RANGE = new RegExp(`^(${NUMBER})(?:\\s*-\\s*(${NUMBER}))?$`, 'i');

/** Its data has a password, which the job and the audit would keep. */
const ALWAYS = entryOf('0x06/0x47');

/** Commands that `send_raw` refuses: network functions, or commands of one, as numbers or ranges. */
export class RawDenyList {
  private constructor(private readonly entries: readonly Entry[]) {}

  /** @throws TypeError that names a wrong entry; a message in lower case follows the name of the setting */
  static parse(text: string): RawDenyList {
    const entries = text.split(',').map((entry) => entry.trim());
    return new RawDenyList(entries.filter((entry) => entry !== '').map(entryOf));
  }

  /** Why a request is refused, as the end of a sentence; undefined if it is not. */
  refusal(request: RawBytes): string | undefined {
    if (isOf(ALWAYS, request)) return 'its data are a password, which the job would keep';
    const entry = this.entries.find((each) => isOf(each, request));
    return entry === undefined ? undefined : `FERRULE_IPMI_RAW_DENY has ${entry.text}`;
  }

  toString(): string {
    return this.entries.map(({ text }) => text).join(', ');
  }
}

function isOf({ functions, commands }: Entry, [netfn, command]: RawBytes): boolean {
  return contains(functions, netfn) && (commands === undefined || contains(commands, command));
}

function contains({ from, to }: Range, value: number): boolean {
  return from <= value && value <= to;
}

function entryOf(text: string): Entry {
  const [functions = '', commands, ...rest] = text.split('/').map((part) => part.trim());
  if (rest.length > 0) throw wrong(text);
  return {
    text,
    functions: rangeOf(functions, text),
    commands: commands === undefined ? undefined : rangeOf(commands, text),
  };
}

function rangeOf(part: string, entry: string): Range {
  const [, first, last = first] = RANGE.exec(part) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from <= to && to <= 255) return { from, to };
  throw wrong(entry);
}

function wrong(entry: string): TypeError {
  return new TypeError(
    `must be network functions such as 0x08 and 0x2e-0x3f, or commands such as 0x06/0x43; '${entry}' is not`,
  );
}
