import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { reasonOf } from '../../../logging/reason-of.js';
import { withLimit } from '../../../waiting/with-limit.js';
import { type Finding, ok, problem, warning } from '../finding.js';
import { type BmcAddress } from './addresses.js';

const LIMIT_MS = 5_000;
const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Why the driver does not connect to the IP address that a name has. */
export type Refusal = (ip: string) => Promise<string | undefined>;

/**
 * Name, connection, TLS and an answer to a request without credentials, up to the first that fails.
 * @param limit milliseconds for each.
 */
export async function checkReach(
  { key, host, port, isTls }: BmcAddress,
  refusalOf: Refusal,
  limit = LIMIT_MS,
): Promise<Finding[]> {
  const where = `${key} ${host}:${port}`;
  let address: string;
  try {
    ({ address } = await withLimit(lookup(host), limit, `no answer within ${limit / 1_000} s`));
  } catch (error) {
    return [
      problem(`${where}: the name has no address (${reasonOf(error)}).`, 'Correct driver_info, or the DNS.'),
    ];
  }
  const name = address === host ? where : `${where} (${address})`;
  const refusal = address === host ? undefined : await refusalOf(address);
  if (refusal !== undefined) {
    return [
      problem(
        `${name}: the driver does not connect to this address: ${refusal}`,
        'Correct driver_info or the DNS, or add the network of the BMC to FERRULE_BMC_NETWORKS.',
      ),
    ];
  }
  let plain: Socket;
  try {
    plain = await opened(connectTcp({ host: address, port }), 'connect', limit);
  } catch (error) {
    return [
      problem(
        `${name}: no connection (${reasonOf(error)}).`,
        'Look whether the BMC is on, the port is right, and no firewall or route is in the way.',
      ),
    ];
  }
  try {
    return isTls ? await overTls(plain, host, name, limit) : await answered(plain, host, name, limit);
  } finally {
    plain.destroy();
  }
}

async function overTls(plain: Socket, host: string, name: string, limit: number): Promise<Finding[]> {
  // Judged below: the driver may trust what this process does not.
  const options = { socket: plain, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) };
  let secure: TLSSocket;
  try {
    secure = await opened(connectTls(options), 'secureConnect', limit);
  } catch (error) {
    return [
      problem(
        `${name}: no TLS (${tlsReason(error)}).`,
        'Give the address with http:// if the BMC has no TLS there; for an old BMC, allow its TLS version.',
      ),
    ];
  }
  try {
    return [...certificateFindings(secure, name), ...(await answered(secure, host, name, limit))];
  } finally {
    secure.destroy();
  }
}

/** OpenSSL's message has several lines, and names of its source files. */
function tlsReason(error: unknown): string {
  const reason: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'reason') : undefined;
  return typeof reason === 'string' ? reason : reasonOf(error);
}

function certificateFindings(socket: TLSSocket, name: string): Finding[] {
  const days = Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / DAY_MS);
  const advice = 'Replace the certificate of the BMC.';
  if (days < 0) return [warning(`${name}: its certificate has expired.`, advice)];
  if (days < SOON_DAYS) return [warning(`${name}: its certificate expires in ${days} days.`, advice)];
  if (socket.authorized) return [ok(`${name}: its certificate is trusted and valid for ${days} days.`)];
  const reason = String(socket.authorizationError);
  return [
    ok(`${name}: its certificate is not trusted by this system (${reason}); the driver decides about it.`),
  ];
}

async function answered(socket: Socket, host: string, name: string, limit: number): Promise<Finding[]> {
  const begun = performance.now();
  const authority = host.includes(':') ? `[${host}]` : host;
  try {
    socket.write(
      `GET / HTTP/1.1\r\nHost: ${authority}\r\nConnection: close\r\nUser-Agent: ferrule-doctor\r\n\r\n`,
    );
    const first = await withLimit(firstBytes(socket), limit, `nothing within ${limit / 1_000} s`);
    const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(first) ?? [];
    if (status === undefined) throw new Error('the answer is not HTTP');
    return [ok(`${name}: answers HTTP ${status} after ${Math.round(performance.now() - begun)} ms.`)];
  } catch (error) {
    return [
      problem(`${name}: no HTTP answer (${reasonOf(error)}).`, 'Restart the BMC if its address is right.'),
    ];
  }
}

function firstBytes(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
    socket.once('error', reject);
    socket.once('end', () => reject(new Error('the connection was closed')));
  });
}

async function opened<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  limit: number,
): Promise<S> {
  const open = new Promise<S>((resolve, reject) => {
    socket.once(event, () => resolve(socket));
    // Stays, since an error without a listener would end the process.
    socket.on('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
  try {
    return await withLimit(open, limit, `nothing within ${limit / 1_000} s`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
