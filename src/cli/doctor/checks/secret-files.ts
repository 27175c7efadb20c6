import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
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
    ([key]) => SECRET_FILES.includes(key) || (key.startsWith('FERRULE_') && key.endsWith('_FILE')),
  );
  const found = [
    ...named.flatMap(([key, path = '']) => fileFindings(key, path)),
    ...certificateFindings(env['FERRULE_TLS_CERT'], env['FERRULE_TLS_KEY']),
  ];
  if (found.length > 0) return found;
  return named.length > 0 ? [ok(`Not readable by every user: ${named.map(([key]) => key).join(', ')}.`)] : [];
}

function fileFindings(key: string, path: string): Finding[] {
  try {
    const { mode } = statSync(path);
    if ((mode & READABLE_BY_ALL) === 0) return [];
    return [warning(`Every user may read the file ${path} of ${key}.`, `Run: chmod o-r ${path}`)];
  } catch (error) {
    return [
      problem(`The file of ${key} cannot be read: ${reasonOf(error)}.`, 'Correct the path or its owner.'),
    ];
  }
}

function certificateFindings(certificate: string | undefined, key: string | undefined): Finding[] {
  if (certificate === undefined || key === undefined) return [];
  try {
    return tlsFindings(readFileSync(certificate, 'utf8'), readFileSync(key, 'utf8'));
  } catch (error) {
    const text = `The files of FERRULE_TLS_CERT and FERRULE_TLS_KEY cannot be used: ${reasonOf(error)}.`;
    return [problem(text, 'Give a certificate and its private key, both in PEM.')];
  }
}

/** @param certificate and `key` in PEM. */
export function tlsFindings(certificate: string, key: string, now = Date.now()): Finding[] {
  const leaf = new X509Certificate(certificate);
  const advice = 'Put a new certificate in its place; the service reads the files again when they change.';
  if (!leaf.checkPrivateKey(createPrivateKey(key))) {
    return [
      problem('The key of FERRULE_TLS_KEY does not belong to the certificate of FERRULE_TLS_CERT.', advice),
    ];
  }
  const days = Math.floor((Date.parse(leaf.validTo) - now) / DAY_MS);
  if (days < 0) return [problem(`The certificate of FERRULE_TLS_CERT expired at ${leaf.validTo}.`, advice)];
  const text = `The certificate of FERRULE_TLS_CERT is valid for ${days} more days.`;
  return days < SOON_DAYS ? [warning(text, advice)] : [ok(text)];
}
