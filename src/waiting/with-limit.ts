/**
 * Settles as the promise does, or rejects after a time limit or when the signal is aborted. A later outcome of the
 * promise is ignored.
 * @param limit milliseconds.
 */
export async function withLimit<T>(
  work: Promise<T>,
  limit: number,
  message: string,
  signal?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => {};
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limit);
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
