import { type Response } from 'express';
import { sendAnswer } from './answer.js';

export interface FileReply {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly filename?: string | undefined;
}

/** Browsers must not render a file, since its content comes from a BMC. */
export function attachmentHeaders({
  contentType,
  filename,
}: Omit<FileReply, 'bytes'>): Record<string, string> {
  return {
    'Content-Type': contentType,
    'Content-Disposition': contentDisposition(filename),
    'X-Content-Type-Options': 'nosniff',
  };
}

export function sendAttachment(response: Response, file: FileReply): void {
  sendAnswer(response, { status: 200, headers: attachmentHeaders(file), body: file.bytes });
}

/** RFC 6266: an ASCII name for old clients, and the full name if it has other characters. */
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
