import { Settings } from '@ferrule/driver-kit';
import { z } from 'zod';
import { programPath } from './client/program-path.js';
import { RawDenyList } from './raw/raw-deny-list.js';

/** Chassis Control, Send Message, Set User Access, Set User Name, Master Write-Read, and all of the firmware function. */
const DENIED = '0x00/0x02, 0x06/0x34, 0x06/0x43, 0x06/0x45, 0x06/0x52, 0x08';

const schema = z.object({
  tool: z
    .string()
    .default('ipmitool')
    .describe('The program ipmitool: its path, or its name in the PATH of the service.'),
  cipherSuites: parsed(cipherSuitesOf)
    .prefault('17,3')
    .describe(
      'The cipher suites that are tried in turn at BMCs of nodes without `ipmi_cipher_suite`. That which a BMC accepts is ' +
        'remembered.',
    ),
  minCommandInterval: whole(0, 60)
    .prefault('1')
    .describe('Seconds from the end of a command at a BMC to the next one there.'),
  answerTimeout: whole(1, 60).prefault('5').describe('Seconds to wait for each answer of a BMC.'),
  commandTimeout: whole(1, 3_600)
    .prefault('60')
    .describe('Seconds after which an ipmitool that has not ended is killed.'),
  rawDeny: parsed((text) => RawDenyList.parse(text))
    .prefault(DENIED)
    .describe(
      'Commands that `send_raw` refuses, as network functions and commands: `0x08, 0x06/0x43, 0x2e-0x3f`. Set User Password ' +
        'is refused always, since a job keeps its arguments.',
    ),
});

/** The settings `FERRULE_IPMI_…`. */
export class IpmiSettings extends Settings(schema) {
  warnings(): string[] {
    return programPath(this.tool) === undefined ? [missingTool(this.tool)] : [];
  }
}

/** For the operator, and for callers. */
export function missingTool(tool: string): string {
  return (
    `The program ${tool} is not found, so no node with the driver ipmi can be used. ` +
    'Install the package ipmitool, or name the program in FERRULE_IPMI_TOOL.'
  );
}

function cipherSuitesOf(text: string): readonly number[] {
  const suites = text.split(',').map((part) => part.trim());
  if (suites.every((suite) => /^\d{1,3}$/.test(suite) && Number(suite) <= 255)) return suites.map(Number);
  throw new TypeError('must be numbers of cipher suites, such as "17,3"');
}

function whole(least: number, most: number) {
  return parsed((text): number => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new TypeError(`must be a whole number from ${least} to ${most}`);
  });
}

function parsed<T>(parse: (text: string) => T) {
  return z.string().transform((text, context): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
      return z.NEVER;
    }
  });
}
