import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly [member: string]: unknown;
}

/** A registry of npm on the loopback interface that has what is installed in a `node_modules`, one version of each. */
export class TestRegistry {
  /** Names that were asked for and are not installed. */
  readonly missing: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly nodeModules: string,
  ) {
    server.on('request', (request, response) => {
      this.answer(decodeURIComponent(request.url ?? ''), response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
  }

  static async start(nodeModules: string): Promise<TestRegistry> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestRegistry(server, nodeModules);
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new TypeError('There is no port.');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    const [, name = '', isTarball] = /^\/((?:@[^/]+\/)?[^/]+)(\/-\/package\.tgz)?$/.exec(path) ?? [];
    const manifest = this.manifestOf(name);
    if (!manifest) {
      this.missing.push(name);
      response.writeHead(404).end('{}');
    } else if (isTarball === undefined) {
      const dist = { tarball: `${this.url}/${name}/-/package.tgz` };
      const { version } = manifest;
      const packument = {
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...manifest, dist } },
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument));
    } else {
      response.writeHead(200).end(await this.pack(name));
    }
  }

  private manifestOf(name: string): Manifest | undefined {
    try {
      return JSON.parse(readFileSync(join(this.nodeModules, name, 'package.json'), 'utf8')) as Manifest;
    } catch {
      return undefined;
    }
  }

  private async pack(name: string): Promise<Buffer> {
    const args = [
      '-cz',
      '--exclude=./node_modules',
      '--transform=s,^\\.,package,',
      '-C',
      join(this.nodeModules, name),
      '.',
    ];
    const { stdout } = await run('tar', args, { encoding: 'buffer', maxBuffer: 512 * 1_048_576 });
    return stdout;
  }
}
