import { type DocumentBuilder } from '@nestjs/swagger';
import { type StrategyName } from '../config/settings/auth.js';

/** What the button "Authorize" offers: any one of these is enough. */
const ADD: Readonly<Record<StrategyName, (builder: DocumentBuilder) => void>> = {
  http_basic: (builder) =>
    builder
      .addBasicAuth(
        { type: 'http', scheme: 'basic', description: 'A user of the htpasswd file.' },
        'http_basic',
      )
      .addSecurityRequirements('http_basic'),
  token: (builder) =>
    builder
      .addBearerAuth(
        { type: 'http', scheme: 'bearer', description: 'A token of the file of callers.' },
        'token',
      )
      .addSecurityRequirements('token'),
  keystone: (builder) =>
    builder
      .addApiKey(
        { type: 'apiKey', in: 'header', name: 'X-Auth-Token', description: 'A token of Keystone.' },
        'keystone',
      )
      .addSecurityRequirements('keystone'),
  // OpenAPI 3.0 cannot describe client certificates; a browser presents them by itself.
  certificate: () => {},
};

export function addSecurity(builder: DocumentBuilder, strategies: readonly StrategyName[]): void {
  for (const name of strategies) ADD[name](builder);
}
