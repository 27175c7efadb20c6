/** A part of a body in `multipart/form-data`. */
export interface Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Buffer;
}

/** The parts of a body; undefined if its content type is another or the body does not fit it. */
export function partsOf(body: Buffer, contentType: string | undefined): Part[] | undefined {
  const [, quoted, bare] =
    /^multipart\/form-data\s*;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) {
    return undefined;
  }
  const line = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let from = body.indexOf(line);
  while (from >= 0) {
    const start = from + line.length;
    if (body.subarray(start, start + 2).toString() === '--') {
      return parts;
    }
    const end = body.indexOf(Buffer.from(`\r\n--${boundary}`), start);
    const part = end < 0 ? undefined : partOf(body.subarray(start + 2, end));
    if (!part) {
      return undefined;
    }
    parts.push(part);
    from = end + 2;
  }
  return undefined;
}

function partOf(bytes: Buffer): Part | undefined {
  const gap = bytes.indexOf('\r\n\r\n');
  const head = bytes.subarray(0, Math.max(0, gap)).toString('utf8');
  const name = /^content-disposition:.*\bname="([^"]*)"/im.exec(head)?.[1];
  if (gap < 0 || name === undefined) {
    return undefined;
  }
  return {
    name,
    filename: /\bfilename="([^"]*)"/i.exec(head)?.[1],
    contentType: /^content-type:\s*([^\s;]+)/im.exec(head)?.[1],
    bytes: bytes.subarray(gap + 4),
  };
}
