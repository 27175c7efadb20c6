import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { type Config } from '../../../config/config.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { type Setup } from '../../../setup.js';
import { type Finding, ok, problem, warning } from '../finding.js';

/** Who may read a file with secrets may act as a caller, or as the service. */
const READABLE_BY_ALL = 0o004;
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** The files of authentication and TLS, and those of settings that end in `_FILE`. */
export function checkSecretFiles(
  { htpasswd, callers, tlsKey }: Pick<Config, 'htpasswd' | 'callers' | 'tlsKey'>,
  env: NodeJS.ProcessEnv,
): Finding[] {
  const files = {
    FERRULE_HTPASSWD: htpasswd,
    FERRULE_CALLERS: callers,
    FERRULE_TLS_KEY: tlsKey,
    ...Object.fromEntries(Object.entries(env).filter(([key]) => /^FERRULE_.*_FILE$/.test(key))),
  };
  const named = Object.entries(files).filter(([, path]) => path !== undefined && path !== '');
  const found = named.flatMap(([key, path = '']) => fileFindings(key, path));
  if (found.length > 0) return found;
  return named.length > 0 ? [ok(`Not readable by every user: ${named.map(([key]) => key).join(', ')}.`)] : [];
}

function fileFindings(key: string, path: string): Finding[] {
  try {
    const { mode } = statSync(path);
    if ((mode & READABLE_BY_ALL) === 0) return [];
    return [
      warning(
        `Every user may read the file ${path} of ${key}.`,
        `Give it a group of the service, with systemd ferrule-files, and run: chmod o-r ${path}`,
      ),
    ];
  } catch (error) {
    return [
      problem(`The file of ${key} cannot be read: ${reasonOf(error)}.`, 'Correct the path or its owner.'),
    ];
  }
}

/** When the certificate of TLS expires. What is wrong with it is a problem of the settings. */
export function checkCertificate(tls: Setup['tls'], now = Date.now()): Finding[] {
  if (tls === undefined) return [];
  const { validTo } = new X509Certificate(String(tls.current.cert));
  const days = Math.floor((Date.parse(validTo) - now) / DAY_MS);
  const text = `The certificate of FERRULE_TLS_CERT is valid for ${days} more days.`;
  if (days >= SOON_DAYS) return [ok(text)];
  return [
    warning(
      text,
      'Put a new certificate in its place; the service reads the files again when they change, unless systemd gives them with LoadCredential=: then restart it.',
    ),
  ];
}
