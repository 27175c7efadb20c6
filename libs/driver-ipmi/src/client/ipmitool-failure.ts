import { type ProgramEnd } from './program-run.js';

/** Why an ipmitool that ended failed. */
export interface IpmitoolFailure {
  /**
   * `cipher`: the BMC has no such cipher suite. `credentials`, `silent`, `session`: no session was opened, and nothing was
   * asked for. `refused`: the BMC answered with an error. `unanswered`: the command was sent, perhaps, and has no answer.
   */
  readonly kind: 'cipher' | 'credentials' | 'silent' | 'session' | 'refused' | 'unanswered';
  /** What ipmitool said about it, in one line; may be empty. */
  readonly said: string;
  /** That of IPMI, if ipmitool told it. */
  readonly completionCode: number | undefined;
}

const NO_SESSION = /Unable to establish|Could not open socket|Address lookup for .* failed/;
const NO_CIPHER =
  /Unsupported cipher suite|no (?:matching )?cipher suite|invalid (?:role|authentication algorithm|integrity algorithm|confidentiality algorithm)/i;
const BAD_CREDENTIALS =
  /RAKP 2 HMAC is invalid|unauthorized (?:name|role|GUID)|RAKP \d message has invalid|insufficient privilege|Activate Session (?:error|command failed)|Invalid user name|session authentication/i;
const NO_ANSWER =
  /Get Auth Capabilities error|Error issuing Get Channel Authentication Capabilities|Get Channel Auth.* (?:error|failed)/i;
const ANSWERED = /rsp=0x[0-9a-f]{1,2}\)|\bfailed: *\S/i;
const COMPLETION_CODE = /\brsp=0x([0-9a-f]{1,2})\)/i;
const NOT_RUN = /^Given .* is invalid|is longer than \d+ bytes|is too long|Invalid parameter given/m;

/** What `-v` prints in any case. */
const NOISE =
  /^(?:Loading IANA PEN Registry|Running Get |Invalid completion code received|Discovered |Get HPM\.x|RAW RE|Error: Unable to establish|$)/;

export function failureOf({ stderr }: Pick<ProgramEnd, 'stderr'>): IpmitoolFailure {
  const said = saidBy(stderr);
  const code = COMPLETION_CODE.exec(stderr)?.[1];
  return {
    kind: kindOf(stderr),
    said,
    completionCode: code === undefined ? undefined : Number.parseInt(code, 16),
  };
}

function kindOf(stderr: string): IpmitoolFailure['kind'] {
  if (NOT_RUN.test(stderr)) return 'session';
  if (NO_SESSION.test(stderr)) {
    if (NO_CIPHER.test(stderr)) return 'cipher';
    if (BAD_CREDENTIALS.test(stderr)) return 'credentials';
    return NO_ANSWER.test(stderr) ? 'silent' : 'session';
  }
  return ANSWERED.test(withoutNoise(stderr)) ? 'refused' : 'unanswered';
}

function withoutNoise(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !NOISE.test(line.trim()))
    .join('\n');
}

function saidBy(stderr: string): string {
  const lines = withoutNoise(stderr)
    .split('\n')
    .map((line) => line.replace(/^[>\s]+/, '').trim());
  return [...new Set(lines)].filter(Boolean).join('; ').slice(0, 500);
}
