import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

/** An answer of the service. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: IncomingHttpHeaders,
    readonly bytes: Buffer,
  ) {}

  get text(): string {
    return this.bytes.toString('utf8');
  }

  /** @throws SyntaxError if the body is no JSON */
  get json(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** The message of an error, out of Ironic's envelope; the body's text of any other answer. */
  get message(): string {
    try {
      const { error_message: envelope } = this.json as { error_message?: string };
      return (JSON.parse(envelope ?? '') as { faultstring: string }).faultstring;
    } catch {
      return this.text;
    }
  }

  /** @throws Error with the body, for any other status */
  expect(status: number): this {
    if (this.status === status) return this;
    throw new Error(
      `The service answered ${this.status} instead of ${status}: ${this.message.slice(0, 1_000)}`,
    );
  }
}

/** One request; `body` is sent as JSON with any verb. */
export function ask(agent: Agent, url: URL, verb: string, body?: unknown): Promise<Answer> {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    'X-OpenStack-Ironic-API-Version': 'latest',
    ...(bytes && { 'Content-Type': 'application/json', 'Content-Length': bytes.byteLength }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: verb, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve(new Answer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))),
      );
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}
