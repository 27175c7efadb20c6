import { Controller, Get, Req, Res } from '@nestjs/common';
import { type Request, type Response } from 'express';
import { type Link, linkPair, Links } from './links.js';
import {
  CONDUCTORS_SINCE,
  MAXIMUM_MICROVERSION,
  MINIMUM_MICROVERSION,
  PORTGROUPS_SINCE,
  versionText,
} from './microversion.js';

interface Version {
  readonly id: 'v1';
  readonly links: readonly Link[];
  readonly status: 'CURRENT';
  readonly min_version: string;
  readonly version: string;
}

@Controller()
export class DiscoveryController {
  constructor(private readonly links: Links) {}

  /** Redirects browsers to the documentation; clients that accept JSON get the version document. */
  @Get('/')
  root(@Req() request: Request, @Res({ passthrough: true }) response: Response): object | undefined {
    response.vary('Accept');
    if (request.accepts(['json', 'html']) === 'html') {
      // Relative, for proxies that add a path prefix.
      response.status(302).setHeader('Location', './docs');
      return undefined;
    }
    const version = versionDocument(this.links.base(request));
    return {
      name: 'Ferrule',
      description: 'Bare-metal vendor passthru, compatible with the OpenStack Ironic API.',
      default_version: version,
      versions: [version],
    };
  }

  @Get('/v1')
  v1(@Req() request: Request): object {
    const base = this.links.base(request);
    const version = versionDocument(base);
    return {
      id: version.id,
      links: [...version.links, { href: `${base}/docs`, rel: 'describedby', type: 'text/html' }],
      media_types: { base: 'application/json', type: 'application/vnd.openstack.ironic.v1+json' },
      chassis: linkPair(base, 'chassis/'),
      nodes: linkPair(base, 'nodes/'),
      ports: linkPair(base, 'ports/'),
      drivers: linkPair(base, 'drivers/'),
      ...(request.microversion >= PORTGROUPS_SINCE && { portgroups: linkPair(base, 'portgroups/') }),
      ...(request.microversion >= CONDUCTORS_SINCE && { conductors: linkPair(base, 'conductors/') }),
      version,
    };
  }
}

function versionDocument(base: string): Version {
  return {
    id: 'v1',
    links: [{ href: `${base}/v1/`, rel: 'self' }],
    status: 'CURRENT',
    min_version: versionText(MINIMUM_MICROVERSION),
    version: versionText(MAXIMUM_MICROVERSION),
  };
}
