export const MASK = '******';

/** Keys that contain one of these, in any case, are secret in views, errors, logs and jobs. */
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
  'private_key',
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
  // From BMCs and HTTP.
  'passwd',
  'authorization',
  'credential',
  'api[_-]?key',
  'snmp[_-]?auth[_-]?key',
  'snmp[_-]?priv[_-]?key',
  'snmp[_-]?community',
  'hex[_-]?kg[_-]?key',
];

/** Match whole words only: `bmc_pin`, `PIN` and `userPin`, but not `pinned` and `spin`. */
const WHOLE_WORDS = ['pin'];

const WORD = new RegExp(`(?:${WORDS.join('|')})|(?:${WHOLE_WORDS.join('|')})(?![a-z])`, 'gi');
const WHOLE_WORD = new RegExp(`^(?:${WHOLE_WORDS.join('|')})$`, 'i');
/** A whole word begins after a non-letter or at a camel-case boundary. */
const BEGINNING = /^(?:[^A-Za-z]?.|[a-z][A-Z])$/s;

/** `end` is exclusive. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The first secret word that begins at or after `from`. */
export function secretWord(text: string, from = 0): Part | undefined {
  WORD.lastIndex = from;
  for (let found = WORD.exec(text); found; found = WORD.exec(text)) {
    const { index: start } = found;
    const isWord =
      !WHOLE_WORD.test(found[0]) || BEGINNING.test(text.slice(Math.max(0, start - 1), start + 1));
    if (isWord) return { start, end: WORD.lastIndex };
  }
  return undefined;
}

export function isSecretKey(key: string): boolean {
  return secretWord(key) !== undefined;
}
