const BYTE = /^(?:0x[0-9a-f]{1,2}|0|[1-9][0-9]{0,2})$/i;
const MOST_BYTES = 256;
const MOST_FUNCTION = 0x3f;

/** An IPMI request: its network function and command, then its data. */
export type RawBytes = readonly [netfn: number, command: number, ...data: number[]];

/**
 * Reads `0x06 0x01`, `6 1` or a list of numbers. Nothing but bytes passes, since ipmitool would take other words for
 * options, and a leading zero for octal.
 *
 * @returns the bytes, or what is wrong as the end of a sentence
 */
export function rawBytesOf(value: string | readonly number[]): RawBytes | string {
  const words = typeof value === 'string' ? value.split(/[ \t]+/).filter((word) => word !== '') : undefined;
  const wrong = words?.find((word) => !BYTE.test(word) || Number(word) > 255);
  if (wrong !== undefined) {
    return `"${wrong.slice(0, 40)}" is not a byte; write 0x00 to 0xff, or 0 to 255 without a leading zero`;
  }
  const [netfn, command, ...data] = words?.map(Number) ?? (typeof value === 'string' ? [] : value);
  if (netfn === undefined || command === undefined) return 'it needs a network function and a command';
  if (data.length + 2 > MOST_BYTES) return `it has more than ${MOST_BYTES} bytes`;
  // ipmitool keeps the lowest six bits of a larger one, which would be another function.
  if (netfn > MOST_FUNCTION || netfn % 2 !== 0) {
    return `the network function ${hex(netfn)} is none of requests, which are even and at most 0x3e`;
  }
  return [netfn, command, ...data];
}

export const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`;
