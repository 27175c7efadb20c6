import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
  readonly manifest: object;
}

/** A registry of npm on the loopback interface that has what a checkout has installed. */
export class TestRegistry {
  private readonly packages: readonly Package[];

  private constructor(
    private readonly server: Server,
    checkout: string,
  ) {
    this.packages = packagesOf(checkout);
    server.on('request', (request, response) => {
      this.answer(decodeURIComponent(request.url ?? ''), response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end(String(error));
      });
    });
  }

  static async start(checkout: string): Promise<TestRegistry> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestRegistry(server, checkout);
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
    const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(path) ?? [];
    const found = this.packages.filter((each) => each.name === name);
    const [wanted] = found.filter((each) => version === undefined || each.version === version);
    if (!wanted) {
      response.writeHead(404).end('{}');
    } else if (version !== undefined) {
      response.writeHead(200);
      await sendPacked(wanted.folder, response);
    } else {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(this.document(found)));
    }
  }

  private document(found: readonly Package[]): object {
    const versions = found.map(({ name, version, manifest }) => {
      const dist = { tarball: `${this.url}/${name}/-/${version}.tgz` };
      return [version, { ...manifest, name, version, dist }] as const;
    });
    return {
      name: found[0]?.name,
      'dist-tags': { latest: found[0]?.version },
      versions: Object.fromEntries(versions),
    };
  }
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly link?: boolean }>>;
}

function packagesOf(checkout: string): Package[] {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(lock.packages).flatMap(([path, locked]) => {
    const name = /.*node_modules\/(.+)$/.exec(path)?.[1];
    if (name === undefined || locked.version === undefined) return [];
    const folder = join(checkout, path);
    const file = join(folder, 'package.json');
    // What is for another platform is in the lock file only.
    const manifest = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : locked;
    return [{ name, version: locked.version, folder, manifest }];
  });
}

/** Not compressed, which npm does not need: the packages are large, and the way is short. */
async function sendPacked(folder: string, response: ServerResponse): Promise<void> {
  const args = ['-c', '--exclude=./node_modules', '--transform=s,^\\.,package,', '-C', folder, '.'];
  await pipeline(spawn('tar', args, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout, response);
}
