/** Everything that a system has written, by where, and a search through it for what must not be there. */
export interface Found {
  readonly secret: string;
  readonly place: string;
}

export interface Written {
  add(place: string, text: string): void;
  /** Each secret at each place where it stands, however it is encoded. */
  find(secrets: Readonly<Record<string, string>>): Found[];
  /** Characters, by place. */
  sizes(): ReadonlyMap<string, number>;
}

export function newWritten(): Written {
  const texts = new Map<string, string[]>();
  return {
    add(place, text) {
      const known = texts.get(place);
      if (known) known.push(text);
      else texts.set(place, [text]);
    },
    find: (secrets) =>
      Object.entries(secrets).flatMap(([secret, value]) => {
        const forms = formsOf(value);
        return [...texts]
          .filter(([, parts]) => parts.some((part) => forms.some((form) => part.includes(form))))
          .map(([place]) => ({ secret, place }));
      }),
    sizes: () =>
      new Map(
        [...texts].map(([place, parts]) => [
          place,
          parts.reduce((sum, part) => sum + part.length, 0),
        ]),
      ),
  };
}

/** As it is, in an address, and in base64 wherever it begins there. */
function formsOf(value: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const bytes = Buffer.from("x".repeat(shift) + value);
    // The first and the last group mix with what stands beside it.
    return bytes.toString("base64").slice(shift === 0 ? 0 : 4, -4);
  });
  return [...new Set([value, encodeURIComponent(value), ...shifted])];
}
