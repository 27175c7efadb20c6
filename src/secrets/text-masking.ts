/** What takes the place of a secret. */
export const MASK = '******';

/** A key that contains one of these, in any case, has a secret for its value. */
const SECRET_WORDS = [
  'adminpass',
  'admin_pass',
  'password',
  'auth_token',
  'new_pass',
  'secret',
  'sys_pswd',
  'token',
  'configdrive',
  'chappassword',
  'chapsecret',
  'encrypted_key',
  'private_key',
  'fernetkey',
  'sslkey',
  'passphrase',
  'rabbitcookie',
  'keystonecredential',
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
];

const WORD = `(?:${SECRET_WORDS.join('|')})`;
const SECRET_WORD = new RegExp(WORD, 'i');
/** `https://user:password@host`, and the same without its scheme as the whole of a text. */
const USER_INFO = /((?:^|:\/\/)[^/\s:@]*:)[^/\s@]+@/g;

/**
 * Each keeps what leads to a secret, and for the quoted ones what ends it. Every repetition before the
 * secret is bounded, so that a long hostile text takes no longer than its length.
 */
const SECRET_TEXTS = [
  // password='x y', "password": "x y"
  new RegExp(String.raw`(${WORD}\w{0,32}\\?["']?\s{0,8}[=:]\s{0,8})(\\?["']).*?\2`, 'gis'),
  // password=x, password: x
  new RegExp(String.raw`(${WORD}\w{0,32}\s{0,8}[=:]\s{0,8})()[^\s'"\\]+`, 'gi'),
  // --password x, --os-password 'x'
  new RegExp(String.raw`((?<![\w-])-[\w-]{0,32}${WORD}[\w-]{0,32}\s{1,8})(["']?)[^\s'"]+\2`, 'gi'),
  // <adminPass>x</adminPass>
  new RegExp(String.raw`(<[\w:-]{0,32}${WORD}\w{0,32}>)()[^<]+`, 'gi'),
];

export function isSecretKey(key: string): boolean {
  return SECRET_WORD.test(key);
}

/** A text without the secrets that it spells out as `password=…`, `--password …` and the like. */
export function maskText(text: string): string {
  const masked = text.includes('@') ? text.replace(USER_INFO, `$1${MASK}@`) : text;
  if (!SECRET_WORD.test(masked)) return masked;
  return SECRET_TEXTS.reduce((rest, pattern) => rest.replace(pattern, `$1$2${MASK}$2`), masked);
}
