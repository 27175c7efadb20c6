/**
 * Settles as the promise does, or rejects after a time limit or when the signal is aborted. A later outcome of the
 * promise is ignored.
 * @param limit milliseconds.
 * @param late the error at the time limit, or its message.
 */
export async function withLimit<T>(
  work: Promise<T>,
  limit: number,
  late: string | Error,
  signal?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => {};
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late instanceof Error ? late : new Error(late)), limit);
    stop = () => reject(signal?.reason as Error);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    work.catch(() => {});
  }
}
