/** What takes the place of a secret. */
export const MASK = '******';

/**
 * A key that contains one of these, in any case, has a secret for its value. Views, errors, logs and jobs
 * all go by this list. Words that contain another one, `auth_token` for example, need no entry.
 */
const WORDS = [
  // Those of Ironic.
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
  // Those of BMCs and of HTTP.
  'passwd',
  'authorization',
  'credential',
  'api[_-]?key',
  'snmp[_-]?auth[_-]?key',
  'snmp[_-]?priv[_-]?key',
  'snmp[_-]?community',
  'hex[_-]?kg[_-]?key',
];

/** Only as words of their own: `bmc_pin`, `PIN` and `userPin`, but not `pinned` and `spin`. */
const WHOLE_WORDS = ['pin'];

const WORD = new RegExp(`(?:${WORDS.join('|')})|(?:${WHOLE_WORDS.join('|')})(?![a-z])`, 'gi');
const WHOLE_WORD = new RegExp(`^(?:${WHOLE_WORDS.join('|')})$`, 'i');
/** What a word of its own may follow: no letter, or as a hump a small one. */
const BEGINNING = /^(?:[^A-Za-z]?.|[a-z][A-Z])$/s;

/** A part of a text; `end` is behind it. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The first secret word of a text that begins at `from` or behind it. */
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

/** Whether a key's name says that its value is a secret. */
export function isSecretKey(key: string): boolean {
  return secretWord(key) !== undefined;
}
