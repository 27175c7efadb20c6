import { type NextFunction, type Request, type RequestHandler, type Response } from 'express';

/** A layer of Express's router costs more than a short handler. */
export function inTurn(...handlers: readonly RequestHandler[]): RequestHandler {
  const from = (index: number, request: Request, response: Response, next: NextFunction): void => {
    const handler = handlers[index];
    if (!handler) {
      next();
      return;
    }
    try {
      void handler(request, response, (error?: unknown) => {
        if (error) next(error);
        else from(index + 1, request, response, next);
      });
    } catch (error) {
      // One before it may have waited, so that nobody else would catch it.
      next(error);
    }
  };
  return (request, response, next) => from(0, request, response, next);
}
