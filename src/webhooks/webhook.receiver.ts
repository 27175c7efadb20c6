import { setMaxListeners } from 'node:events';
import { version } from '../config/version.js';
import { askedPause } from './pause.js';
import { signatureOf } from './signature.js';

/** Milliseconds for one attempt. */
const LIMIT_MS = 10_000;
/** Bytes of an answer that are read, so that its connection can be used again. */
const READ = 65_536;

/** The answer was none that acknowledges. */
export class NotAcknowledged extends Error {
  /** @param pause seconds that the receiver asks to wait. */
  constructor(
    message: string,
    readonly pause?: number | undefined,
  ) {
    super(message);
  }
}

export interface Message {
  /** The same in each attempt. */
  readonly id: string;
  readonly body: string;
}

/** Where webhooks are sent to. */
export class WebhookReceiver {
  /** Its code is loaded only where there is a receiver. */
  private readonly undici = import('undici');
  private readonly agent;
  private readonly closing = new AbortController();

  constructor(
    private readonly url: string,
    private readonly keys: readonly Buffer[],
    connections: number,
    private readonly limit = LIMIT_MS,
  ) {
    this.agent = this.undici.then(({ Agent }) => new Agent({ connections, connect: { timeout: limit } }));
    setMaxListeners(0, this.closing.signal);
  }

  /** Without its path, which may be a secret. */
  get name(): string {
    return new URL(this.url).origin;
  }

  /**
   * Resolves once the receiver has acknowledged it with 2xx. A redirect is not followed.
   * @throws NotAcknowledged, errors of the network, the reason of `close`.
   */
  async post({ id, body }: Message): Promise<void> {
    const [{ request }, dispatcher] = await Promise.all([this.undici, this.agent]);
    const timestamp = Math.floor(Date.now() / 1_000);
    const attempt = new AbortController();
    const timer = setTimeout(
      () => attempt.abort(new NotAcknowledged(`No answer within ${this.limit / 1_000} s`)),
      this.limit,
    );
    const close = (): void => attempt.abort(this.closing.signal.reason);
    this.closing.signal.addEventListener('abort', close);
    if (this.closing.signal.aborted) close();
    try {
      const answer = await request(this.url, {
        method: 'POST',
        dispatcher,
        signal: attempt.signal,
        headers: {
          'content-type': 'application/json',
          'user-agent': `ferrule/${version}`,
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureOf({ id, timestamp, body }, this.keys),
        },
        body,
      });
      // Its end, or its failure, says nothing more.
      await answer.body.dump({ limit: READ }).catch(() => {});
      const { statusCode: status, headers } = answer;
      if (status >= 200 && status < 300) return;
      const { 'retry-after': after } = headers;
      throw new NotAcknowledged(
        `The answer was ${status}`,
        askedPause(typeof after === 'string' ? after : undefined, Date.now()),
      );
    } finally {
      clearTimeout(timer);
      this.closing.signal.removeEventListener('abort', close);
    }
  }

  /** Ends the attempts that run. */
  async close(): Promise<void> {
    this.closing.abort(new NotAcknowledged('The service is stopping'));
    await (await this.agent).destroy();
  }
}
