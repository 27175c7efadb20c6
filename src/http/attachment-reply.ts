import { type Response } from 'express';

/** A file as it goes out. */
export interface FileReply {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly filename?: string | undefined;
}

/** Sends a file as its bytes. It is never rendered in place: what it holds comes from a BMC. */
export function sendAttachment(response: Response, { bytes, contentType, filename }: FileReply): void {
  response.statusCode = 200;
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Disposition', contentDisposition(filename));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Length', bytes.byteLength);
  response.end(bytes);
}

/** RFC 6266: a plain name for old clients, and the whole one where it has more than ASCII. */
function contentDisposition(filename: string | undefined): string {
  if (filename === undefined || filename === '') return 'attachment';
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\/]/g, '_');
  if (plain === filename) return `attachment; filename="${plain}"`;
  const encoded = encodeURIComponent(filename).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
