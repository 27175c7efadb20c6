import { once } from 'node:events';
import { createServer } from 'node:http';
import express from 'express';
import { messageClasses } from './message-classes.js';

it('Express leaves requests and answers as they are, and its own members are there', async () => {
  const app = express();
  app.get('/', (request, response) => {
    response.json({ host: request.get('x-host'), isSame: request.app === app && response.app === app });
  });
  const server = createServer(messageClasses(app));
  const areExpress: boolean[] = [];
  server.on('request', (request, response) => {
    areExpress.push(Object.getPrototypeOf(request) === app.request);
    areExpress.push(Object.getPrototypeOf(response) === app.response);
    app(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-host': 'n1' } });
    expect(await answer.json()).toEqual({ host: 'n1', isSame: true });
    expect(areExpress).toEqual([true, true]);
  } finally {
    server.close();
  }
});
