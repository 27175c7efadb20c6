import { z } from 'zod';

/** The result of `send_raw`. A BMC that answers with another completion code than 0 makes the call fail. */
export const RawAnswer = z.object({
  completion_code: z.literal(0).describe('That of IPMI: the command was completed.'),
  bytes: z.array(z.int().min(0).max(255)).describe('The answer without its completion code.'),
  hex: z.string().describe('The same as ipmitool prints it: "00 03 09".'),
  text: z.string().describe('The same as ASCII, with a dot for what is not printable.'),
});
export type RawAnswer = z.output<typeof RawAnswer>;

/** @throws TypeError if ipmitool printed something else than bytes */
export function rawAnswerOf(output: string): RawAnswer {
  const words = output.split(/\s+/).filter((word) => word !== '');
  const wrong = words.find((word) => !/^[0-9a-f]{2}$/i.test(word));
  if (wrong !== undefined) throw new TypeError(`ipmitool printed "${wrong.slice(0, 40)}" among the bytes.`);
  const bytes = words.map((word) => Number.parseInt(word, 16));
  return {
    completion_code: 0,
    bytes,
    hex: words.join(' ').toLowerCase(),
    text: bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
  };
}
