/** A provider waits this long for the answer to a notification. */
const answerWithinMilliseconds = 5000;

export type Received = { status: number | undefined; body: string };

/** Sends a notification; without an answer in time, `status` is undefined. */
export const post = async (
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string },
  stop: AbortSignal,
): Promise<Received> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(answerWithinMilliseconds)]),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: undefined, body: error instanceof Error ? error.name : 'no answer' };
  }
};
