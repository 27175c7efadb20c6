import { once } from 'node:events';
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net';

interface Rule {
  readonly pattern: RegExp;
  readonly act: (link: Link) => void;
  left: number;
}

class Link {
  private held: (() => void)[] = [];
  private isFrozen = false;
  private losesAnswers: 'no' | 'silently' | 'by a cut' = 'no';

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly proxy: Proxy,
  ) {
    client.on('data', (chunk: Buffer) => {
      proxy.note(chunk);
      proxy.applyRules(this, chunk);
      this.carry(server, chunk);
    });
    server.on('data', (chunk: Buffer) => {
      proxy.note(chunk);
      if (this.losesAnswers === 'by a cut') this.cut();
      else if (this.losesAnswers === 'no') this.carry(client, chunk);
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => {});
      // In a frozen network the close of one side does not reach the other.
      socket.on('close', () => (this.isFrozen ? this.held.push(() => other.destroy()) : other.destroy()));
    }
  }

  get isClosed(): boolean {
    return this.client.destroyed && this.server.destroyed;
  }

  freeze(): void {
    this.isFrozen = true;
  }

  thaw(): void {
    this.isFrozen = false;
    for (const move of this.held.splice(0)) move();
  }

  loseAnswers(how: 'silently' | 'by a cut'): void {
    this.losesAnswers = how;
  }

  cut(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private carry(to: Socket, chunk: Buffer): void {
    const write = (): void => {
      if (this.isFrozen) this.held.push(write);
      else if (!to.destroyed) to.write(chunk);
    };
    if (this.proxy.delay > 0) setTimeout(write, this.proxy.delay).unref();
    else write();
  }
}

/** A TCP proxy on loopback. Patterns match what the client sends, for example the name of a prepared statement. */
export class Proxy {
  /** Milliseconds, in each direction. */
  delay = 0;
  private readonly links = new Set<Link>();
  private readonly rules: Rule[] = [];
  private readonly counts = new Map<RegExp, number>();
  private isFrozen = false;
  private isRefusing = false;

  private constructor(private readonly listener: Server) {}

  static async to(target: NetConnectOpts): Promise<Proxy> {
    const listener = createServer((client) => proxy.accept(client, target));
    const proxy = new Proxy(listener);
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return proxy;
  }

  get port(): number {
    const address = this.listener.address();
    if (address === null || typeof address === 'string') throw new TypeError('The proxy is closed.');
    return address.port;
  }

  get connections(): number {
    for (const link of this.links) if (link.isClosed) this.links.delete(link);
    return this.links.size;
  }

  /** Holds the bytes of all current and new connections without closing them. */
  freeze(): void {
    this.isFrozen = true;
    for (const link of this.links) link.freeze();
  }

  thaw(): void {
    this.isFrozen = false;
    for (const link of this.links) link.thaw();
  }

  /** Freezes the next connections that send the pattern, before it is forwarded. */
  freezeNext(pattern: RegExp, times = 1): void {
    this.rules.push({ pattern, left: times, act: (link) => link.freeze() });
  }

  /** Forwards the pattern but loses its answer: the connection stays silent, or is cut when the answer comes. */
  loseNextAnswer(pattern: RegExp, how: 'silently' | 'by a cut', times = 1): void {
    this.rules.push({ pattern, left: times, act: (link) => link.loseAnswers(how) });
  }

  /** From now on, counts the chunks of either direction that match. @returns the count so far. */
  count(pattern: RegExp): () => number {
    this.counts.set(pattern, 0);
    return () => this.counts.get(pattern) ?? 0;
  }

  get pending(): number {
    return this.rules.reduce((sum, { left }) => sum + left, 0);
  }

  /** Closes every connection; new ones are accepted. */
  cut(): void {
    for (const link of this.links) link.cut();
  }

  /** Closes every connection, and each new one at once, until `resume`. */
  refuse(): void {
    this.isRefusing = true;
    this.cut();
  }

  resume(): void {
    this.isRefusing = false;
  }

  async close(): Promise<void> {
    this.thaw();
    this.refuse();
    this.listener.close();
    await once(this.listener, 'close');
  }

  note(chunk: Buffer): void {
    for (const [pattern, count] of this.counts) {
      if (pattern.test(chunk.toString('latin1'))) this.counts.set(pattern, count + 1);
    }
  }

  applyRules(link: Link, sent: Buffer): void {
    for (const rule of this.rules) {
      if (rule.left === 0 || !rule.pattern.test(sent.toString('latin1'))) continue;
      rule.left--;
      rule.act(link);
    }
  }

  private accept(client: Socket, target: NetConnectOpts): void {
    if (this.isRefusing) {
      client.destroy();
      return;
    }
    const link = new Link(client, connect(target), this);
    if (this.isFrozen) link.freeze();
    this.links.add(link);
  }
}
