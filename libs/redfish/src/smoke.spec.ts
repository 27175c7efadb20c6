import { startBmc } from '@ferrule/driver-testing';
import { parseRedfishDriverInfo, RedfishClients } from './index.js';
it('smokes', async () => {
  const bmc = await startBmc({ profile: 'dell-idrac9' });
  const clients = new RedfishClients();
  const c = clients.client(parseRedfishDriverInfo({ redfish_address: bmc.address, redfish_username: bmc.username, redfish_password: bmc.password }));
  const system = await c.system();
  console.log(system.url, (await c.managers(system)).map(m=>m.url), await c.quirks(), bmc.logins, bmc.requests.map(r=>[r.method,r.path,r.status]));
  await clients.close();
  console.log(bmc.sessions, bmc.connections);
  await bmc.close();
});
