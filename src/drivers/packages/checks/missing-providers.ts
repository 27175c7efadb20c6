import {
  ConsoleLogger,
  type DynamicModule,
  type InjectionToken,
  Logger,
  Module,
  type Provider,
} from '@nestjs/common';
import { type UnknownDependenciesException } from '@nestjs/core/errors/exceptions/unknown-dependencies.exception.js';
import { messageOf } from '../../execution/method-errors.js';

/** What a class, or another provider, needs and nothing provides. */
export interface Lack {
  readonly dependent: string;
  /** For example `parameter 1`. */
  readonly where: string;
  readonly token: InjectionToken;
}

/** More than any module has, so that the search ends. */
const MAXIMUM_LACKS = 100;

@Module({})
class StandInsModule {}

@Module({})
class TrialModule {}

/**
 * Composes a module as the service would, without constructing anything. Nest reports one lack at a time, so each gets
 * a stand-in before the next attempt.
 * @param given what the service provides.
 * @returns `other` is any other reason why Nest refuses the module.
 */
export async function missingProviders(
  module: DynamicModule,
  given: readonly Provider[],
): Promise<{ readonly missing: readonly Lack[]; readonly other?: string }> {
  const [{ NestFactory }, exceptions] = await Promise.all([
    import('@nestjs/core'),
    import('@nestjs/core/errors/exceptions/unknown-dependencies.exception.js'),
  ]);
  const missing: Lack[] = [];
  const attempt = async (): Promise<unknown> => {
    const standIns = [...given, ...missing.map(({ token }) => ({ provide: token, useValue: {} }))];
    const everywhere = { module: StandInsModule, global: true, providers: standIns, exports: standIns };
    try {
      const trial = { module: TrialModule, imports: [module, everywhere] };
      const app = await NestFactory.createApplicationContext(trial, {
        preview: true,
        abortOnError: false,
        logger: false,
      });
      await app.close();
      return undefined;
    } catch (error) {
      return error;
    }
  };
  try {
    for (;;) {
      const error = await attempt();
      if (error === undefined) return { missing };
      const lack = error instanceof exceptions.UnknownDependenciesException ? lackOf(error) : undefined;
      if (
        lack === undefined ||
        missing.length === MAXIMUM_LACKS ||
        missing.some(({ token }) => token === lack.token)
      ) {
        return { missing, other: messageOf(error).split('\n', 1)[0] ?? '' };
      }
      missing.push(lack);
    }
  } finally {
    // Nest has one logger for all applications.
    Logger.overrideLogger(new ConsoleLogger());
  }
}

function lackOf({ type, context }: UnknownDependenciesException): Lack | undefined {
  const { index = 0, key, name: token } = context;
  if (token === undefined) return undefined;
  const where = key === undefined ? `parameter ${index + 1}` : `member ${String(key)}`;
  return { dependent: String(type), where, token };
}
