/** What is shown in place of a secret. */
export const MASK = '******';

/** Keys that contain one of these, in any case, are secret in views, errors, logs, jobs and answers of BMCs. */
const WORDS = [
  // From Ironic.
  'admin_?pass',
  'password',
  'new_pass',
  'secret',
  'sys_pswd',
  'token',
  'configdrive',
  'encrypted_key',
  'private[_-]?key',
  'fernetkey',
  'sslkey',
  'passphrase',
  'rabbitcookie',
  'octaviaheartbeatkey',
  'migrationsshkey',
  'swifthashsuffix',
  'barbicansimplecryptokek',
  'heatauthencryptionkey',
  'designaterndckey',
  'pacemakerremoteauthkey',
  'cephclusterfsid',
  'cephadminkey',
  'cephclientkey',
  'cephmanilaclientkey',
  'cephmdskey',
  'cephmonkey',
  'cephrgwkey',
  // From BMCs and HTTP. Not `passw`, which `bypassWarnings` contains.
  'passwd',
  'authorization',
  'http[_-]?headers',
  'credential',
  'api[_-]?key',
  'snmp[_-]?auth[_-]?key',
  'snmp[_-]?priv[_-]?key',
  'community',
  'hex[_-]?kg[_-]?key',
];

/** Match at the end of a key only: `EncryptionKey`, but not `sshKeyExchange` and `license_keys_left`. */
const LAST_WORDS = ['(?:encryption|authentication|ipmi|ssh|license)[_-]?key(?:string)?'];

/** Match whole words only: `bmc_pin`, `PIN` and `userPin`, but not `pinned` and `spin`. */
const WHOLE_WORDS = ['pin'];

const WORD = new RegExp(
  `(?:${WORDS.join('|')})|(?:${LAST_WORDS.join('|')})(?![\\w-])|(?:${WHOLE_WORDS.join('|')})(?![a-z])`,
  'gi',
);
const WHOLE_WORD = new RegExp(`^(?:${WHOLE_WORDS.join('|')})$`, 'i');
/** A whole word begins after a non-letter or at a camel-case boundary. */
const BEGINNING = /^(?:[^A-Za-z]?.|[a-z][A-Z])$/s;

/** A part of a text, in UTF-16 code units; `end` is exclusive. */
export interface TextPart {
  readonly start: number;
  readonly end: number;
}

/** The first secret word that begins at or after `from`. */
export function secretWord(text: string, from = 0): TextPart | undefined {
  WORD.lastIndex = from;
  for (let found = WORD.exec(text); found; found = WORD.exec(text)) {
    const { index: start } = found;
    const isWord =
      !WHOLE_WORD.test(found[0]) || BEGINNING.test(text.slice(Math.max(0, start - 1), start + 1));
    if (isWord) return { start, end: WORD.lastIndex };
  }
  return undefined;
}

/** Whether Ferrule hides the value of a key with this name: `password`, `X-Auth-Token`, `userPin`. */
export function isSecretKey(key: string): boolean {
  return secretWord(key) !== undefined;
}
