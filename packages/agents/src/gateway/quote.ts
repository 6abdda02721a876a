/** Quotes a gateway's words for the log: on one line, short, well-formed and without secrets. */
import { toBoundedText } from "@cmo/shared/contract";

export type Quote = (text: string) => string;

/** Enough of an error to recognize it in a log line. */
const MAX_QUOTE_LENGTH = 300;
/** The rest of a longer text is not searched for secrets, because it is not quoted. */
const MAX_SEARCHED_LENGTH = 64 * 1024;
/** Shorter values, such as `1` or `on`, occur in any text and hide nothing. */
const MIN_SECRET_LENGTH = 4;
/** Shorter parts of a secret, such as `Bearer` or `api_key`, are words. */
const MIN_PART_LENGTH = 8;

/**
 * Some gateways quote a key in the error that refuses it, with or without the `Bearer` or the JSON
 * around it, so the parts of a secret are secret too.
 */
export function createQuote(secrets: readonly string[]): Quote {
  const hidden = secrets
    .flatMap((secret) => [
      secret,
      ...secret.split(/[^\w.-]+/).filter((part) => part.length >= MIN_PART_LENGTH),
    ])
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .toSorted((a, b) => b.length - a.length);

  return (text) => {
    let shown = toBoundedText(text, MAX_SEARCHED_LENGTH);
    // The secrets go first: a cut through one of them would leave its beginning.
    // guards G21
    for (const secret of hidden) shown = shown.replaceAll(secret, "[secret]");
    const line = shown.replace(/\s+/g, " ").trim();
    return line.length > MAX_QUOTE_LENGTH ? `${toBoundedText(line, MAX_QUOTE_LENGTH)}…` : line;
  };
}
