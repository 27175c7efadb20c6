import { BmcError, OutcomeUnknown } from '@ferrule/driver-kit';
import { type IpmiTarget } from './ipmi-target.js';
import { type IpmiCommand } from './ipmitool-call.js';
import { type IpmitoolFailure } from './ipmitool-failure.js';

/** Names in IPMI of its own completion codes; others depend on the command or the maker. */
const COMPLETION_CODES: Readonly<Record<number, string>> = {
  0xc0: 'the BMC is busy',
  0xc1: 'it does not know this command',
  0xc2: 'it does not know this command for this LUN',
  0xc3: 'it took too long',
  0xc4: 'it is out of space',
  0xc7: 'the data have a wrong length',
  0xc9: 'a parameter is out of range',
  0xcb: 'what the command is about does not exist',
  0xcc: 'a field of the data is invalid',
  0xcf: 'it is a duplicate of another request',
  0xd2: 'the BMC is being updated',
  0xd3: 'the destination is unavailable',
  0xd4: 'the privilege level is too low',
  0xd5: 'it cannot be done in the present state',
  0xff: 'unspecified',
};

/** The BMC answered a command with an error. */
export class IpmiRefusal extends BmcError {
  constructor(
    message: string,
    readonly completionCode: number | undefined,
  ) {
    super('IPMIFailure', 'refused', message);
  }

  override get details(): Readonly<Record<string, unknown>> {
    const { completionCode } = this;
    return { ...super.details, ...(completionCode === undefined ? {} : { completion_code: completionCode }) };
  }
}

/** Ironic's beginning of every IPMI error, which clients match. */
export function callText({ words }: IpmiCommand): string {
  return `IPMI call failed: ${words.join(' ')}.`;
}

export function ipmiError(command: IpmiCommand, target: IpmiTarget, failure: IpmitoolFailure): Error {
  const { kind, said, completionCode } = failure;
  const start = callText(command);
  const where = `the BMC at ${target.host} port ${target.port}`;
  const words = said === '' ? '' : ` (${said})`;
  switch (kind) {
    case 'silent':
      return new BmcError('IPMIFailure', 'unreachable', `${start} No answer from ${where}${words}.`);
    case 'credentials':
      return new BmcError(
        'IPMIFailure',
        'refused',
        `${start} No session with ${where}: it refuses the credentials${words}. Check ipmi_username, ipmi_password, ` +
          'ipmi_priv_level and ipmi_hex_kg_key in driver_info.',
      );
    case 'cipher':
      return new BmcError(
        'IPMIFailure',
        'refused',
        `${start} No session with ${where}: it does not accept the cipher suite${words}. ipmi_cipher_suite in driver_info, ` +
          'or FERRULE_IPMI_CIPHER_SUITES for all nodes, names those to try.',
      );
    case 'session':
      return new BmcError('IPMIFailure', 'unreachable', `${start} No session with ${where}${words}.`);
    case 'refused': {
      const meaning = completionCode === undefined ? undefined : COMPLETION_CODES[completionCode];
      const code =
        completionCode === undefined
          ? ''
          : ` Completion code 0x${completionCode.toString(16).padStart(2, '0')}${meaning === undefined ? '' : `, ${meaning}`}.`;
      return new IpmiRefusal(`${start} The BMC refuses it${words}.${code}`, completionCode);
    }
    case 'unanswered':
      return command.isReading
        ? new BmcError('IPMIFailure', 'timeout', `${start} No answer to it from ${where}${words}.`)
        : new OutcomeUnknown(
            `${start} It was sent to ${where} and has no answer${words}, so it may have been done.`,
          );
  }
}

/** For a command that did not end in time, and whose ipmitool was killed. */
export function killedError(command: IpmiCommand, seconds: number): Error {
  const text = `${callText(command)} ipmitool did not end within ${seconds} s and was killed`;
  return command.isReading
    ? new BmcError('IPMIFailure', 'timeout', `${text}.`)
    : new OutcomeUnknown(`${text}, so the BMC may have done it.`);
}

/** For a command whose call ended meanwhile. */
export function abortedError(command: IpmiCommand, reason: unknown): unknown {
  if (command.isReading) return reason;
  const text = reason instanceof Error ? reason.message : String(reason);
  return new OutcomeUnknown(
    `${text} ipmitool was killed during "${command.words.join(' ')}", so the BMC may have done it.`,
    { cause: reason },
  );
}
