import fc from "fast-check";
import { expect, test } from "vitest";
import { newProseFilter } from "./prose-filter.ts";

function split(pieces: readonly string[]) {
  const filter = newProseFilter();
  const prose = pieces.map((piece) => filter.push(piece)).join("") + filter.end();
  return { prose, blocks: filter.blocks };
}

/** Texts of parts of fences in any order, cut anywhere. */
const part = fc.constantFrom(
  ...'`|``|```|json|json:|brand|icp|\n|\r\n| |{|}|[|]|"|\\|:|a text|😀|```json:brand\n{}\n```\n|{"a":'.split(
    "|",
  ),
);
const cutTexts = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(""));

test("prose and blocks are the same wherever the text is cut", () => {
  fc.assert(
    fc.property(cutTexts, fc.array(fc.nat(60), { maxLength: 8 }), (text, cuts) => {
      const places = [0, ...cuts.filter((cut) => cut < text.length), text.length];
      places.sort((a, b) => a - b);
      const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
      expect(split(pieces)).toEqual(split([text]));
      expect(split([...text])).toEqual(split([text]));
    }),
    { numRuns: 500 },
  );
});

test("the returned prose contains no block and no fence", () => {
  fc.assert(
    fc.property(cutTexts, (text) => {
      expect(split([...text]).prose).not.toContain("```json:");
      expect(split([...text]).prose).not.toContain('{"a":');
    }),
    { numRuns: 500 },
  );
});

test("the prose before a block and after it form no fence together", () => {
  const around = (before: string, behind: string) =>
    split([`${before}\`\`\`json:icp\n{}\n\`\`\`${behind}`]).prose;
  expect(around("```\n", "\njson:brand\n{}")).toBe("```\njson:brand\n{}");
  expect(around("```j", "\nson:brand\n{}")).toBe("```j\nson:brand\n{}");
  expect(around("Nice, ", "\nand on.")).toBe("Nice, and on.");
});

test("prose is returned at once, and a block never", () => {
  const filter = newProseFilter();
  expect(filter.push("Great name!\n\n``")).toBe("Great name!\n\n");
  expect(filter.push('`json:brand\n{"brand_name":')).toBe("");
  expect(filter.push('"Aurora"}\n```\nWhat')).toBe("What");
  expect(filter.push(" next?")).toBe(" next?");
  expect(filter.end()).toBe("");
  expect(filter.blocks).toEqual([{ tag: "brand", body: '{"brand_name":"Aurora"}' }]);
});

test("held back text that was no fence is returned at the end", () => {
  expect(split(["Use ", "``"]).prose).toBe("Use ``");
  expect(split(["```js", "on"]).prose).toBe("```json");
});

test("a fence around anything but data is prose", () => {
  const text = "```ts\nlet a;\n```\n```\n{name}, welcome\n```\n`{a}` [link](x) {{first_name}} ```";
  for (const pieces of [[text], [...text]]) {
    expect(split(pieces)).toEqual({ prose: text, blocks: [] });
  }
});

const OWNERS = '{\n "icp": {"segment_name": "{Owners}", "goals": ["a]"]}\n}';

test.each([
  ["json", `\`\`\`json\n${OWNERS}\n\`\`\`\n`, ""],
  ["JSON, on one line", `\`\`\`JSON ${OWNERS}\`\`\`\n`, ""],
  ["json5", `\`\`\`json5\n${OWNERS}\n\`\`\`\n`, ""],
  ["another name", `\`\`\`segment\n\n${OWNERS}\n\`\`\`\n`, "segment"],
  ["no name", `\`\`\`\n${OWNERS}\n\`\`\`\n`, ""],
  ["more backticks", `\`\`\`\`json:icp\n${OWNERS}\n\`\`\`\`\n`, "icp"],
])("a fence of %s around data is a block, and never shown", (_info, block, tag) => {
  for (const pieces of [[`Noted.\n${block}Next?`], [...`Noted.\n${block}Next?`]]) {
    expect(split(pieces)).toEqual({ prose: "Noted.\nNext?", blocks: [{ tag, body: OWNERS }] });
  }
});

test("an object without a fence is a block up to its last brace", () => {
  const text = `Noted. ${OWNERS} Next? [{ "a": [1, {}] }]\nAnd {"b": "unclosed }\n } on`;
  for (const pieces of [[text], [...text]]) {
    const { prose, blocks } = split(pieces);
    expect(prose).toBe("Noted.  Next? \nAnd  on");
    expect(blocks.map(({ body }) => body)).toEqual([
      OWNERS,
      '[{ "a": [1, {}] }]',
      '{"b": "unclosed }\n }',
    ]);
  }
});

test("backticks within a JSON string do not close the block", () => {
  const body = JSON.stringify({ a: 'a " quote and ```` fences' });
  expect(split([`\`\`\`json:icp\n${body}\n\`\`\`\nDone`])).toEqual({
    prose: "Done",
    blocks: [{ tag: "icp", body }],
  });
});

test("a block closes on the line of its last brace, and after a stray quote", () => {
  expect(split(['```json:icp {"a":1}```\nDone']).prose).toBe("Done");
  expect(split(['```json:icp\n{"a":"oops}\n```\nDone']).prose).toBe("Done");
});

test("a block whose fence was forgotten ends where the next begins", () => {
  const text = '```json:icp\n{"a":1}\n```json:offer\r\n{"b":2}\r\n```\r\nDone';
  for (const pieces of [[text], [...text]]) {
    const { prose, blocks } = split(pieces);
    expect(blocks.map(({ tag }) => tag)).toEqual(["icp", "offer"]);
    expect(prose).toBe("Done");
  }
});

test("a block that never closes ends with the text", () => {
  expect(split(['Hi ```json:offer\n{"a":']).blocks).toEqual([{ tag: "offer", body: '{"a":' }]);
});
