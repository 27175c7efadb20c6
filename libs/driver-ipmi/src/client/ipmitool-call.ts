import { type IpmiTarget } from './ipmi-target.js';
import { type Program } from './program-run.js';

/** A command of ipmitool. */
export interface IpmiCommand {
  /** Its words, such as `chassis`, `power` and `status`. */
  readonly words: readonly string[];
  /** A few words for metrics. */
  readonly operation: string;
  /** Whether it changes nothing, so that a lost answer may be asked for again. */
  readonly isReading: boolean;
}

export interface CallOptions {
  /** The file of ipmitool. */
  readonly tool: string;
  /** Of the BMC, in place of its name. */
  readonly address: string;
  readonly cipherSuite: number | undefined;
  /** Seconds to wait for an answer. */
  readonly answerTimeout: number;
}

/** How often ipmitool sends a request. With 1 it sends a command once, and only the opening of a session again. */
const TRIES_OF_CHANGE = 1;
const TRIES_OF_READING = 3;

/** The key has any bytes, and the environment that Node gives to a program has only text in UTF-8. */
const WITH_KEY =
  'IPMI_KGKEY=$(printf "%b." "$FERRULE_KG_KEY"); IPMI_KGKEY=${IPMI_KGKEY%.}; unset FERRULE_KG_KEY; ' +
  'export IPMI_KGKEY; exec "$@"';

/**
 * The command line and the environment of one ipmitool. Secrets are in the environment, which only the user of the
 * service can read; the words come after `--`, so that none of them is an option.
 */
export function ipmitoolCall(
  target: IpmiTarget,
  { words, isReading }: IpmiCommand,
  options: CallOptions,
): Program {
  const { tool, address, cipherSuite, answerTimeout } = options;
  const { protocol, port, privilege, username, password, kgKey, bridge } = target;
  const tries = isReading ? TRIES_OF_READING : TRIES_OF_CHANGE;
  const args = [
    ...['-I', protocol, '-H', address, '-p', String(port), '-L', privilege],
    ...(username === '' ? [] : ['-U', username]),
    ...(cipherSuite === undefined ? [] : ['-C', String(cipherSuite)]),
    ...bridge,
    ...(kgKey === undefined ? [] : ['-K']),
    // Says why no session was opened.
    ...['-v', '-R', String(tries), '-N', String(answerTimeout), '-E', '--', ...words],
  ];
  const env = { LC_ALL: 'C', POSIXLY_CORRECT: '1', IPMI_PASSWORD: password };
  if (kgKey === undefined) return { file: tool, args, env };
  const octal = kgKey.replace(
    /../g,
    (byte) => `\\0${Number.parseInt(byte, 16).toString(8).padStart(3, '0')}`,
  );
  return {
    file: '/bin/sh',
    args: ['-c', WITH_KEY, 'sh', tool, ...args],
    env: { ...env, FERRULE_KG_KEY: octal },
  };
}
