import { normalize } from './paths.js';

describe('path normalisation', () => {
  it.each([
    ['/', '/'],
    ['/v1', '/v1'],
    ['/v1/', '/v1'],
    ['/v1/nodes', '/v1/nodes'],
    ['/v1/nodes/', '/v1/nodes'],
    ['/v1//nodes//x', '/v1/nodes/x'],
    ['//v1/nodes', '/v1/nodes'],
    ['/nodes', '/v1/nodes'],
    ['/nodes/x/states/', '/v1/nodes/x/states'],
    ['/drivers/fake-hardware', '/v1/drivers/fake-hardware'],
    ['//', '/'],
  ])('%s is %s', (path, normal) => {
    expect(normalize(path)).toBe(normal);
  });

  it.each(['/docs/', '/docs//swagger-ui.css', '/openapi.json', '/healthz', '/v2/nodes', '/v10', '/nodesX'])(
    '%s is not changed',
    (path) => {
      expect(normalize(path)).toBe(path);
    },
  );
});
