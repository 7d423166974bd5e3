const nothing = async (): Promise<void> => undefined;

let stop: () => Promise<void> = nothing;

/** Says how to stop; called by whoever starts tracing. */
export function whenTracingStops(work: () => Promise<void>): void {
  stop = work;
}

/**
 * Sends the spans that still wait in the batch; the last step of a shutdown. Without tracing it does nothing, and so does a second
 * call. A collector that does not answer costs two seconds and a plain Error, not the rest of the time to shut down.
 */
export async function stopTracing(timeoutMs = 2_000): Promise<void> {
  const work = stop;
  stop = nothing;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`The last spans were not taken within ${timeoutMs} ms.`)), timeoutMs);
  try {
    await Promise.race([work(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
