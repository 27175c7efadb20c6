import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { FileProblem } from '../../../config/watched-file.js';
import { tlsCredentials, type TlsTexts } from '../../../http/tls/tls-credentials.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { type Finding, ok, problem, warning } from '../finding.js';

/** Settings that name a file with secrets: who may read it may act as a caller, or as the service. */
const SECRET_FILES = ['FERRULE_HTPASSWD', 'FERRULE_CALLERS', 'FERRULE_TLS_KEY'];
const READABLE_BY_ALL = 0o004;
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** The files of authentication and TLS, and those of settings that end in `_FILE`. */
export function checkSecretFiles(env: NodeJS.ProcessEnv): Finding[] {
  const named = Object.entries(env).filter(
    ([key, path]) =>
      path !== '' && (SECRET_FILES.includes(key) || (key.startsWith('FERRULE_') && key.endsWith('_FILE'))),
  );
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

/** Of TLS: whether it belongs to the key, and when it expires. */
export function checkCertificate(env: NodeJS.ProcessEnv): Finding[] {
  const {
    FERRULE_TLS_CERT: certificate,
    FERRULE_TLS_KEY: key,
    FERRULE_TLS_CLIENT_CA: clientCa,
    FERRULE_TLS_CLIENT_CRL: clientCrl,
  } = env;
  if (!certificate && !key) return [];
  if (!certificate || !key) {
    const [is, misses] = certificate ? ['CERT', 'KEY'] : ['KEY', 'CERT'];
    return [
      problem(`FERRULE_TLS_${is} is set without FERRULE_TLS_${misses}.`, 'Set both, or none for http.'),
    ];
  }
  const read = (path: string) => readFileSync(path, 'utf8');
  try {
    const texts = { certificate: read(certificate), key: read(key) };
    return tlsFindings({
      ...texts,
      clientCa: clientCa ? read(clientCa) : undefined,
      clientCrl: clientCrl ? read(clientCrl) : undefined,
    });
  } catch (error) {
    const text = `The files of TLS cannot be read: ${reasonOf(error)}.`;
    return [problem(text, 'Correct the path or its owner.')];
  }
}

export function tlsFindings(texts: TlsTexts, now = Date.now()): Finding[] {
  const advice =
    'Put a new certificate in its place; the service reads the files again when they change, unless systemd gives them with LoadCredential=: then restart it.';
  try {
    tlsCredentials(texts, now);
  } catch (error) {
    if (!(error instanceof FileProblem)) throw error;
    return error.problems.map((text) => problem(`${text}.`, advice));
  }
  const { validTo } = new X509Certificate(texts.certificate);
  const days = Math.floor((Date.parse(validTo) - now) / DAY_MS);
  const text = `The certificate of FERRULE_TLS_CERT is valid for ${days} more days.`;
  return days < SOON_DAYS ? [warning(text, advice)] : [ok(text)];
}
