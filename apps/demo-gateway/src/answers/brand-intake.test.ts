import { agentCatalog } from "@cmo/agents/catalog";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyBlocks } from "../../test/test-blocks.ts";
import { type Blocks, newInterview } from "../../test/test-prompt.ts";
import { answerTo } from "./answer-to.ts";

const TODAY = "2026-11-23";
const DEMO = "(Demo answer: written by a script, not by a model.)";

describe("the interview", () => {
  const ask = (blocks: Blocks, said: readonly string[]) =>
    answerTo(newInterview(blocks, said), TODAY);
  const blockOf = (answer: string, tag: string) =>
    JSON.parse(new RegExp(`\`\`\`json:${tag}\\n([\\s\\S]*?)\\n\`\`\``).exec(answer)?.[1] ?? "null");
  const setup = agentCatalog[0]?.output;

  test("greets and asks before the user has answered", () => {
    const answer = ask({ request: { current_step: "brand" } }, ["Hello, I am ready to begin."]);
    expect(answer).toContain(DEMO);
    expect(answer).not.toContain("```");
  });

  test.each([
    ["brand", "brand", { brand_name: "Lichthaus" }],
    ["icp", "icp", { segment_name: "Lichthaus", is_primary: true }],
    ["offers", "offer", { offer_name: "Lichthaus", is_flagship: true }],
  ])(
    "writes down one block in step %s, once the user has answered",
    (current_step, tag, expected) => {
      const answer = ask({ request: { current_step } }, [
        "Hello",
        "It is called Lichthaus and is bright.",
      ]);
      const block = blockOf(answer, tag);
      expect(block).toMatchObject(expected);
      expect(answer.match(/```json/g)).toHaveLength(1);
      expect(setup?.safeParse({ message: "Noted.", [tag]: block }).error).toBeUndefined();
    },
  );

  test("takes a first message that names the brand as enough", () => {
    expect(blockOf(ask({}, ["We are Kaffee Süd, a roastery."]), "brand")).toMatchObject({
      brand_name: "Kaffee Süd",
    });
  });

  test("asks for the segment when the screen's step still says brand and the brand is known", () => {
    const blocks = { brand: { brand_name: "Lichthaus" }, request: { current_step: "brand" } };
    const answer = ask(blocks, ["Hello", "We are Lichthaus."]);
    expect(answer).toContain("customers");
    expect(answer).not.toContain("```");
  });

  test("gives at most one block, which is valid, whatever is said", () => {
    const said = fc.array(fc.string({ unit: "grapheme", maxLength: 200 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyBlocks(), said, (blocks, words) => {
        const answer = ask(blocks, words);
        expect((answer.match(/```json:/g) ?? []).length).toBeLessThanOrEqual(1);
        for (const tag of ["brand", "icp", "offer"]) {
          const block = blockOf(answer, tag) ?? undefined;
          expect(setup?.safeParse({ message: "Noted.", [tag]: block }).error).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  });
});
