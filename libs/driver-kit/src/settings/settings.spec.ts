import { z } from 'zod';
import { Settings } from './settings.js';

class AcmeSettings extends Settings(z.object({ mirrorUrl: z.string(), label: z.string().optional() })) {}
class OptionalSettings extends Settings(z.object({ label: z.string().default('x') })) {}

describe('a settings class', () => {
  it('tells what is missing, and where it comes from', () => {
    expect((): unknown => Reflect.construct(AcmeSettings, [])).toThrow(
      /^AcmeSettings cannot be made \(mirrorUrl: .+\)\. A test gives the members as texts, as new AcmeSettings\(\{ … \}\); the service reads them from variables like FERRULE_<PACKAGE>_MIRROR_URL\.$/,
    );
  });

  it('needs no texts where all members are optional', () => {
    expect(Reflect.construct(OptionalSettings, [])).toEqual({ label: 'x' });
  });
});
