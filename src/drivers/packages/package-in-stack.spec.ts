import { packageInStack } from './package-in-stack.js';

const PACKAGES = [
  { package: 'driver-a', version: '1.0.0', folder: '/opt/drivers/driver-a' },
  { package: 'driver-b', version: '2.1.0', folder: '/opt/my drivers/driver-b' },
];

describe('packageInStack', () => {
  it.each([
    ['an ES module', '    at act (file:///opt/drivers/driver-a/dist/a.vendor.js:3:9)', 'driver-a@1.0.0'],
    ['a CommonJS module', '    at act (/opt/drivers/driver-a/a.cjs:3:9)', 'driver-a@1.0.0'],
    ['a path with a space', '    at file:///opt/my%20drivers/driver-b/index.js:1:1', 'driver-b@2.1.0'],
    ['a folder whose name begins alike', '    at act (/opt/drivers/driver-a-tools/a.js:3:9)', undefined],
    ['nothing of a driver', '    at node:internal/process/task_queues:95:5', undefined],
  ])('finds the package of %s', (_, line, found) => {
    expect(packageInStack(`Error: lost\n    at fetch (node:internal/fetch:1:1)\n${line}`, PACKAGES)).toBe(
      found,
    );
  });
});
