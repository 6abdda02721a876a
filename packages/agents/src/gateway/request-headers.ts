/** The headers of a request to the gateway. */
interface HeaderOptions {
  readonly apiKey: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An operator's headers come first, because ours describe the body and name the call. */
export function toRequestHeaders(
  { apiKey, headers = {} }: HeaderOptions,
  requestId: string,
): Record<string, string> {
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...(apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
    ...Object.fromEntries(given),
    "content-type": "application/json",
    accept: "text/event-stream",
    // Compressing tokens one at a time only delays them.
    "accept-encoding": "identity",
    "x-request-id": requestId,
  };
}
