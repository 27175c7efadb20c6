import { fileNameOf } from './file-name.js';

describe('the name of a file that the service sends', () => {
  it.each([
    ['attachment; filename="sel.txt"', 'sel.txt'],
    ['attachment', 'attachment'],
    ['attachment; filename=""', 'attachment'],
    [`attachment; filename="_.txt"; filename*=UTF-8''%C3%BC%20x.txt`, 'ü x.txt'],
    [`attachment; filename="plain.txt"; filename*=UTF-8''%zz`, 'plain.txt'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    [`attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd`, 'passwd'],
    [`attachment; filename*=UTF-8''C%3A%5Cboot.ini`, 'boot.ini'],
    ['attachment; filename=".."', 'attachment'],
    ['attachment; filename=".bashrc"', 'bashrc'],
    ['attachment; filename="-rf"', 'rf'],
    [`attachment; filename*=UTF-8''a%1B%5B2Jb%00%E2%80%AEtxt`, 'a_[2Jb__txt'],
  ])('%s', (disposition, expected) => {
    expect(fileNameOf(disposition)).toBe(expected);
  });

  it('is one that file systems take', () => {
    const name = fileNameOf(`attachment; filename*=UTF-8''${encodeURIComponent('ü'.repeat(300))}`);
    expect(Buffer.byteLength(name)).toBe(200);
  });
});
