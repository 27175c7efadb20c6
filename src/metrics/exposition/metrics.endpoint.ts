import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config.js';
import { isLoopback } from '../../http/loopback.js';
import { AcceptedHosts } from '../../http/middleware/hosts.js';
import { pathOf } from '../../http/request.js';
import { reasonOf } from '../../logging/reason-of.js';
import { Exposition } from './exposition.js';

/** Where `/metrics` is answered, by FERRULE_METRICS. */
@Injectable()
export class MetricsEndpoint implements OnApplicationShutdown {
  private readonly logger = new Logger(MetricsEndpoint.name);
  private onMainPort = false;
  private server: Server | undefined;

  constructor(
    private readonly exposition: Exposition,
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'metrics' | 'auth' | 'publicEndpoint' | 'allowedHosts'>,
  ) {}

  /** Whether the port of the API answers it. */
  get isOnMainPort(): boolean {
    return this.onMainPort;
  }

  /**
   * @param address that the API listens on.
   * @throws the system's error if the service cannot listen on a port for metrics.
   */
  async open(address: string): Promise<void> {
    const { metrics, auth } = this.config;
    if (typeof metrics === 'object') await this.listen(metrics.host, metrics.port);
    else
      this.onMainPort = metrics === 'on' || (metrics === 'auto' && auth.length === 0 && isLoopback(address));
  }

  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async listen(host: string, port: number): Promise<void> {
    const { publicEndpoint, allowedHosts: allowed } = this.config;
    const hosts = new AcceptedHosts({ bound: host, publicEndpoint, allowed });
    this.server = createServer((request, response) => this.answer(request, response, hosts));
    this.server.listen(port, host);
    await once(this.server, 'listening');
    const bound = this.server.address();
    const shown = typeof bound === 'object' && bound !== null ? bound.port : port;
    this.logger.log(`Metrics are at http://${host.includes(':') ? `[${host}]` : host}:${shown}/metrics.`);
  }

  private answer(request: IncomingMessage, response: ServerResponse, hosts: AcceptedHosts): void {
    const { headers, method, socket, url = '' } = request;
    if (headers.host !== undefined && !hosts.accepts(headers.host, socket.localAddress)) {
      end(response, 403, `The Host header is not accepted; FERRULE_ALLOWED_HOSTS may name it.`);
    } else if (pathOf(url) !== '/metrics') end(response, 404, 'Only /metrics is answered here.');
    else if (method !== 'GET' && method !== 'HEAD') end(response, 405, 'Only GET is allowed.');
    else this.send(response);
  }

  private send(response: ServerResponse): void {
    this.exposition.text().then(
      (text) => end(response, 200, text, this.exposition.contentType),
      (error: unknown) => {
        this.logger.error(`The metrics could not be written: ${reasonOf(error)}`);
        end(response, 500, 'The metrics could not be written.');
      },
    );
  }
}

function end(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
