import { once } from 'node:events';
import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Config } from '../../../config/config.js';
import { reasonOf } from '../../../logging/reason-of.js';
import { withLimit } from '../../../waiting/with-limit.js';
import { type Finding, ok, problem } from '../finding.js';

const LIMIT_MS = 5_000;

/** Whether a connection to it can be opened, with TLS if it is https; nothing is posted. */
export async function checkWebhook({ webhookUrl }: Pick<Config, 'webhookUrl'>): Promise<Finding[]> {
  if (webhookUrl === undefined) return [];
  const { hostname, port, protocol, origin } = new URL(webhookUrl);
  const isTls = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const to = { host, port: Number(port) || (isTls ? 443 : 80) };
  const socket = isTls
    ? connectTls({ ...to, ...(isIP(host) === 0 && { servername: host }) })
    : connectTcp(to);
  try {
    const connected = once(socket, isTls ? 'secureConnect' : 'connect');
    await withLimit(connected, LIMIT_MS, `nothing within ${LIMIT_MS / 1_000} s`);
    return [ok(`The receiver of webhooks at ${origin} accepts connections.`)];
  } catch (error) {
    return [
      problem(
        `The receiver of webhooks at ${origin} cannot be reached: ${reasonOf(error)}.`,
        'Start it, or correct FERRULE_WEBHOOK_URL; ends of jobs are kept for it for three days.',
      ),
    ];
  } finally {
    socket.on('error', () => {}).destroy();
  }
}
