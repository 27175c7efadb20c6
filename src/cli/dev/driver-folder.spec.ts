import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeOfTypes, readDriverFolder } from './driver-folder.js';

describe('changeOfTypes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferrule-driver-folder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(...hardwareTypes: string[]): void {
    const drivers = Object.fromEntries(hardwareTypes.map((name) => [name, './index.js']));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'acme', ferrule: { drivers } }));
  }

  it('says that a new hardware type is served only after another start', () => {
    write('acme-xr');
    const driver = readDriverFolder(folder);
    expect(changeOfTypes(driver)).toBeUndefined();
    write('acme-xr', 'acme-oem');
    expect(changeOfTypes(driver)).toBe(
      'package.json now has the hardware types acme-xr, acme-oem, but acme-xr is served: ' +
        'end "ferrule dev" with Ctrl-C and start it again.',
    );
  });

  it('says that package.json cannot be read any more', () => {
    write('acme-xr');
    const driver = readDriverFolder(folder);
    writeFileSync(join(folder, 'package.json'), '{');
    expect(changeOfTypes(driver)).toMatch(/package\.json cannot be read: /);
  });
});
