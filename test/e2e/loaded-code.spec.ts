import { ferrule } from '../support/ferrule.js';

/** Names the packages of CommonJS that were loaded. Nest is none, but it loads rxjs. */
const LISTING = `data:text/javascript,${encodeURIComponent(`
  import module from 'node:module';
  process.on('exit', () => {
    const files = Object.keys(module._cache).map((file) => file.split('/node_modules/').at(-1));
    console.error([...new Set(files.map((file) => 'loaded ' + file.split('/').slice(0, 2).join('/')))].join('\\n'));
  });
`)}`;

async function loadedBy(...args: string[]): Promise<string> {
  const env = {
    FERRULE_URL: 'http://127.0.0.1:9',
    FERRULE_ENABLED_HARDWARE_TYPES: 'fake-hardware',
    NODE_OPTIONS: `--import=${LISTING}`,
  };
  return (await ferrule(args, env)).stderr;
}

describe('what a command loads', () => {
  it('is no web framework where it only asks a service', async () => {
    const loaded = await loadedBy('jobs');
    expect(loaded).toContain('127.0.0.1:9');
    expect(loaded).toMatch(/^loaded commander/m);
    expect(loaded).not.toMatch(/^loaded (rxjs|undici)/m);
  });

  it('is a web framework where it composes drivers', async () => {
    expect(await loadedBy('drivers')).toMatch(/^loaded rxjs/m);
  });
});
