import { describe, expect, test } from "vitest";
import { sampleContent } from "../../test/samples/content-engine.ts";
import { fitPageMembers } from "./fit-page-members.ts";

const [a] = sampleContent.assets;
if (!a) throw new Error("The sample has assets.");

const post = (body: string, of: Partial<typeof a.metadata> = {}, channel = "blog") =>
  fitPageMembers([{ ...a, channel, body, metadata: { ...a.metadata, ...of } }]);

describe("a meta description at the end of a body", () => {
  test.each([
    "Meta description: Short.",
    "**Meta description:** Short.",
    "> meta-description: Short.",
  ])("becomes a member: %s", (line) => {
    const { value, findings } = post(`Text.\n\n${line}`);

    expect(value[0]).toMatchObject({ body: "Text.", metadata: { meta_description: "Short." } });
    expect(findings).toMatchObject([{ kind: "normalized", fixed: true }]);
  });

  test("stays where the member says something else, and on channels without one", () => {
    const body = "Text.\n\nMeta description: Short.";

    expect(post(body, { meta_description: "Another" })).toMatchObject({ value: [{ body }] });
    expect(post(body, {}, "linkedin")).toMatchObject({ value: [{ body }], findings: [] });
  });
});

describe("a page has a slug", () => {
  test.each([
    [null, "do-you-know-what-january-will-cost-you"],
    ["winter-cash", "winter-cash"],
    ["/Blog/Winter Cash/", "winter-cash"],
  ])("of %s: %s", (slug, expected) => {
    expect(post("Text.", { slug }).value[0]?.metadata.slug).toBe(expected);
  });

  test("and other texts have none", () => {
    expect(post("Text.", {}, "email").value[0]?.metadata.slug).toBeNull();
  });
});
