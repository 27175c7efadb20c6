import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPublicPath, PUBLIC_PATHS } from './public-paths.js';

it.each([
  '/',
  '/v1',
  '/v1/',
  '/v1/lookup',
  '/v1/lookup/',
  '/v1/heartbeat/1be26c0b-03f2-4d2e-ae87-c02d7f33c123',
  '/v1/heartbeat/x/',
  '/v1/continue_inspection',
  '/v1/continue_inspection/',
  '/docs',
  '/docs/',
  '/docs/swagger-ui.css',
  '/openapi.json',
  '/console',
  '/console/',
  '/console/main.js',
  '/healthz',
  '/readyz',
  '/metrics',
])('%s is public', (path) => {
  expect(isPublicPath(path)).toBe(true);
});

it.each([
  '/v1/nodes',
  '/v1/drivers',
  '/nodes',
  '/v1/heartbeat',
  '/v1/heartbeat/',
  '/v1/heartbeat/x/y',
  '/v1/lookups',
  '/v1.json',
  '/V1',
  '/docsx',
  '/nonesuch',
  '',
])('%s is not public', (path) => {
  expect(isPublicPath(path)).toBe(false);
});

it('docs/operating.md names all of them', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
  const [, sentence = ''] = /Everybody may ask\s+for([^.]*(?:\.json[^.]*)?)\./.exec(page) ?? [];
  const named = Array.from(sentence.matchAll(/`(\/[^`]*)`/g), ([, path = '']) => path);
  expect(named.toSorted()).toEqual([...PUBLIC_PATHS, '/docs/…', '/console/…', '/v1/heartbeat/…'].sort());
  expect(named.filter((path) => !isPublicPath(path))).toEqual([]);
});
