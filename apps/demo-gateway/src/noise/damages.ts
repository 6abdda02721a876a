/**
 * Known ways in which models damage requested JSON, each as a change of a good answer. The kernel
 * repairs some by itself; the others need a repair turn.
 */
type Json = Readonly<Record<string, unknown>>;

/** Takes the JSON of a good answer and returns the damaged text. */
export type Damage = (json: string) => string;

export const DAMAGES: Readonly<Record<string, Damage>> = {
  fence: (json) => `Here is what you asked for:\n\n\`\`\`json\n${json}\n\`\`\`\n\nShall I go on?`,
  prose: (json) => `Sure! ${json}\n\nReplace {first_name} before you send it.`,
  "byte-order mark": (json) => `\ufeff${json.replaceAll("\n", "\r\n")}`,
  wrapper: (json) => `{"status": "ok", "result": ${json}}`,
  list: (json) => `[${json}]`,
  draft: (json) => `{"draft": true}\n\nThat was too short. Better:\n\n${json}`,
  "extra members": (json) => edit(json, (value) => ({ ...value, confidence: 0.9, notes: [] })),
  "numbers as text": (json) => json.replace(/: (-?\d+(?:\.\d+)?)(,?\n)/g, ': "$1"$2'),
  "trailing commas": (json) => json.replace(/(["\d\]}])\n(\s*[\]}])/g, "$1,\n$2"),
  comments: (json) => json.replaceAll(/,\n/g, ", // as agreed\n"),
  "smart quotes": (json) => json.replaceAll(/^(\s*)"(\w+)":/gm, "$1\u201c$2\u201d:"),
  "single quotes": (json) => json.replaceAll(/^(\s*)"(\w+)":/gm, "$1'$2':"),
  "forgotten end": (json) => json.replace(/\s*\}\s*$/, ""),
  "python words": (json) => json.replaceAll(/: null/g, ": None").replaceAll(/: true/g, ": True"),
  "half an answer": (json) => json.slice(0, Math.floor(json.length * 0.55)),
  "missing section": (json) => edit(json, withoutLargest),
  "section as text": (json) => edit(json, (value) => ({ ...value, ...textForLargest(value) })),
  refusal: () => "I'm sorry, but I can't help with creating marketing material.",
  outline: (json) =>
    json
      .replaceAll(/["{}[\],]/g, "")
      .replaceAll(/\n\s*\n/g, "\n")
      .trim(),
  markup: (json) => `<html><body><pre>${json.replaceAll('"', "&quot;")}</pre></body></html>`,
  base64: (json) => Buffer.from(json).toString("base64"),
  "not a number": (json) => json.replace(/: \d+(?:\.\d+)?/, ": NaN"),
};

function edit(json: string, change: (value: Json) => Json): string {
  const value: unknown = JSON.parse(json);
  if (typeof value !== "object" || value === null) return json;
  return JSON.stringify(change(Object.fromEntries(Object.entries(value))), null, 1);
}

function largestOf(value: Json): string {
  const sizes = Object.entries(value).map(
    ([name, member]) => [name, JSON.stringify(member).length] as const,
  );
  return sizes.reduce((a, b) => (b[1] > a[1] ? b : a), ["", 0])[0];
}

function withoutLargest(value: Json): Json {
  const largest = largestOf(value);
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== largest));
}

function textForLargest(value: Json): Json {
  return { [largestOf(value)]: "See the attached file." };
}
