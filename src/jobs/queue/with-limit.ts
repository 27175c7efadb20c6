/**
 * Settles as the promise does, or rejects after a time limit. A later outcome of the promise is ignored.
 * @param limit milliseconds.
 */
export async function withLimit<T>(work: Promise<T>, limit: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limit);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
