import { bench, bmc } from '../../test/started.js';

export const WANTED = { Destination: 'https://192.0.2.1/events', Context: 'ferrule' };
export const COLLECTION = '/redfish/v1/EventService/Subscriptions';

export const create = (more = {}) => bench.ask('create_subscription', { ...WANTED, ...more });

export const writes = () =>
  bmc.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('Session'));
