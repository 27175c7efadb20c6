import type { Socket } from 'node:net';

const START = 'HTTP/1.1 100';

/**
 * Removes `100 Continue`, which some BMCs send unasked and undici takes for an error. Other informational answers reach
 * the handler of the request, which ignores them.
 */
export function skipContinue(socket: Socket): void {
  const read = socket.read.bind(socket);
  let written = -1;
  let isAwaited = false;
  let held = Buffer.alloc(0);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!Buffer.isBuffer(chunk)) return chunk;
    // An answer begins only after something was written.
    isAwaited ||= socket.bytesWritten !== written;
    written = socket.bytesWritten;
    if (!isAwaited) return chunk;
    let rest = Buffer.concat([held, chunk]);
    for (let end = endOfContinue(rest); end > 0; end = endOfContinue(rest)) rest = rest.subarray(end);
    held = mayBecomeContinue(rest) ? rest : Buffer.alloc(0);
    if (held.length > 0 || rest.length === 0) return null;
    isAwaited = false;
    return rest;
  };
}

function endOfContinue(bytes: Buffer): number {
  if (!bytes.subarray(0, START.length).equals(Buffer.from(START))) return 0;
  const end = bytes.indexOf('\r\n\r\n');
  return end < 0 ? 0 : end + 4;
}

function mayBecomeContinue(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, START.length);
  return length > 0 && bytes.subarray(0, length).equals(Buffer.from(START.slice(0, length)));
}
