import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import express from 'express';
import { sendAttachment } from './attachment-reply.js';

describe('the answer with a file', () => {
  it.each([
    [undefined, 'attachment'],
    ['', 'attachment'],
    ['node.log', 'attachment; filename="node.log"'],
    ['a "b".log', `attachment; filename="a _b_.log"; filename*=UTF-8''a%20%22b%22.log`],
    ['../node.log', `attachment; filename=".._node.log"; filename*=UTF-8''..%2Fnode.log`],
    ['größe.log', `attachment; filename="gr__e.log"; filename*=UTF-8''gr%C3%B6%C3%9Fe.log`],
    [
      'a\r\nX-Evil: 1.log',
      `attachment; filename="a__X-Evil: 1.log"; filename*=UTF-8''a%0D%0AX-Evil%3A%201.log`,
    ],
  ])('has the name %j and the media type of the method', async (filename, disposition) => {
    const bytes = new TextEncoder().encode('fine');
    const server = express()
      .use((_request, response) => sendAttachment(response, { bytes, contentType: 'text/x-sel', filename }))
      .listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-disposition': disposition,
        'content-type': 'text/x-sel',
        'content-length': '4',
        'x-content-type-options': 'nosniff',
      });
      expect(answer.headers.has('x-evil')).toBe(false);
      expect(await answer.text()).toBe('fine');
    } finally {
      server.close();
    }
  });
});
