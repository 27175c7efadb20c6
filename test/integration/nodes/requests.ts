import { type TestApp } from '../../support/app.js';

export type Body = Record<string, unknown>;

export async function createNode(app: TestApp, body: Body = {}, version = 109): Promise<Body> {
  const answer = await app.http.post('/v1/nodes', { driver: 'fake-hardware', ...body }, { version });
  return answer.expect(201).json<Body>();
}

export async function showNode(app: TestApp, ident: unknown, version = 109): Promise<Body> {
  return (await app.http.get(`/v1/nodes/${String(ident)}`, { version })).expect(200).json<Body>();
}

/** In the database, for what no request can set. */
export async function setColumns(app: TestApp, uuid: unknown, values: Body): Promise<void> {
  await app.database.kysely.updateTable('nodes').set(values).where('uuid', '=', String(uuid)).execute();
}
