import { randomBytes } from 'node:crypto';
import { withCaller } from '../../auth/files/caller-entries.js';
import { type CallerEntry, digestOf, entriesIn } from '../../auth/files/callers-file.js';
import { replaceFile } from '../../auth/files/replace-file.js';
import { isKnownRole, ROLES } from '../../auth/policy/defaults/personas.js';
import { StartError } from '../../config/start-error.js';
import { listed } from '../../text/listed.js';
import { type Output } from '../output.js';
import { type AddOptions, refuseExisting } from './add-options.js';

const TOKEN_BYTES = 32;
const SUBJECT = /^[A-Za-z0-9.]+=[^,]/;

/**
 * One that is known by a token or a certificate.
 * @param path FERRULE_CALLERS
 */
export async function addCaller(
  path: string | undefined,
  name: string,
  options: AddOptions,
  out: Output,
): Promise<number> {
  if (path === undefined) throw new StartError('FERRULE_CALLERS must name the file of the callers.');
  const { role: roles = [], project, system, certificate } = options;
  if (roles.length === 0) throw new StartError('Give at least one --role, for example --role reader.');
  if ((project === undefined) !== (system === true)) {
    throw new StartError(
      'Give either --system (the roles hold for all nodes) or --project with the id of a project.',
    );
  }
  if (certificate !== undefined && !SUBJECT.test(certificate)) {
    throw new StartError(
      `'${certificate}' is not the subject of a certificate, such as O=Example,CN=rack7; 'openssl x509 -in FILE -noout -subject -nameopt RFC2253,-dn_rev,-esc_msb' prints it.`,
    );
  }
  const token = certificate === undefined ? randomBytes(TOKEN_BYTES).toString('base64url') : undefined;
  const entry: CallerEntry = {
    name,
    ...(token === undefined ? { certificate } : { token: `sha256:${digestOf(token)}` }),
    roles: [...roles],
    ...(project === undefined ? { system: true } : { project }),
  };
  tellOfRoles(roles, out);
  await replaceFile(path, (text = '') => {
    const existing = entriesIn(text).map((each) => each.name);
    refuseExisting(name, existing, options);
    return withCaller(text, entry);
  });
  if (token === undefined) out.print(`Wrote the caller '${name}' to ${path}.`);
  else {
    out.complain(`Wrote the caller '${name}' to ${path}. This is the token, which is shown only now:`);
    out.print(token);
  }
  return 0;
}

/** A misspelt role would be found only when its caller is refused. */
function tellOfRoles(roles: readonly string[], out: Output): void {
  const own = roles.filter((role) => !isKnownRole(role.toLowerCase()));
  if (own.length === 0) return;
  out.complain(
    `${listed(own)}: not a role of Ironic's policies (${ROLES.join(', ')}), so it counts only in rules of FERRULE_POLICY.`,
  );
}
