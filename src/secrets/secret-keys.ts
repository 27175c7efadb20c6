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

const ALTERNATIVES = [
  ...WORDS.map(inAnyCase),
  ...WHOLE_WORDS.map((word) => `(?<![A-Za-z])${inAnyCase(word)}(?![A-Za-z])`),
  ...WHOLE_WORDS.map((word) => `(?<=[a-z\\d])${capitalised(word)}(?![a-z])`),
];
/** Pattern of the words, for keys and for texts; it needs no flag. */
export const SECRET_WORD = `(?:${ALTERNATIVES.join('|')})`;

const SECRET_KEY = new RegExp(SECRET_WORD);

/** Whether a key's name says that its value is a secret. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

function inAnyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
