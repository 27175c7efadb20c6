import { RequestAllowList } from './request-allow-list.js';

describe('the allow-list', () => {
  it.each([
    ['GET /redfish/v1/*', 'GET', '', true],
    ['GET /redfish/v1/*', 'GET', 'Systems/1', true],
    ['GET /redfish/v1/*', 'PATCH', 'Systems/1', false],
    ['* /redfish/v1/Systems/*', 'DELETE', 'Systems/1', true],
    ['* /redfish/v1/Systems/*', 'GET', 'Systems', false],
    ['GET /Systems', 'GET', 'Systems/', true],
    ['GET /Systems', 'GET', 'SystemsX', false],
    ['GET /redfish/v1/Sys.ems', 'GET', 'Systems', false],
    ['POST /Systems/*/Actions/*Reset', 'POST', 'Systems/1/Actions/ComputerSystem.Reset', true],
    ['get /redfish/v1', 'GET', '', true],
    ['get /redfish/v1', 'GET', 'Systems', false],
  ])('%j lets %s %j: %p', (text, verb, place, isAllowed) => {
    expect(RequestAllowList.parse(text).allows(verb, place)).toBe(isAllowed);
  });

  it.each(['GET', 'FETCH /x', 'GET x', 'GET /a /b'])('refuses %j', (text) => {
    expect(() => RequestAllowList.parse(text)).toThrow(text);
  });
});
