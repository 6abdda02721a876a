import { describe, expect, test } from "vitest";
import { linkParameters, withParameters } from "./link-parameters.ts";
import { toSlug } from "./to-slug.ts";

describe("the parameters of a channel", () => {
  test.each([
    ["Newsletter", "owned", "email", "email"],
    ["LinkedIn", "organic", "linkedin", "social"],
    ["LinkedIn", "paid", "linkedin", "paid_social"],
    ["Facebook-Anzeigen", null, "facebook", "paid_social"],
    ["Google Ads", "paid", "google", "cpc"],
    ["Blog", "owned", "blog", "owned"],
    ["Trade press", "earned", "tradepress", "referral"],
    ["Radio ads", null, "radioads", "paid"],
    ["展示会", null, "展示会", "organic"],
    ["!", null, "other", "organic"],
  ])("%s (%s) is %s, %s", (channel_name, channel_type, utm_source, utm_medium) => {
    expect(linkParameters({ channel_name, channel_type }, "Die Jänner-Aktion!")).toEqual({
      utm_source,
      utm_medium,
      utm_campaign: "die-janner-aktion",
    });
  });

  test("name no campaign where there is none", () => {
    expect(linkParameters({ channel_name: "email" }, null).utm_campaign).toBeNull();
    expect(linkParameters({ channel_name: "email" }, "…").utm_campaign).toBeNull();
  });
});

describe("a link", () => {
  const parameters = { utm_source: "email", utm_campaign: "a b", utm_content: null };
  const added = "utm_source=email&utm_campaign=a%20b";

  test.each([
    ["https://x.example", `https://x.example?${added}`],
    ["https://x.example/a?b=1", `https://x.example/a?b=1&${added}`],
    ["https://x.example/a#c.d", `https://x.example/a?${added}#c.d`],
    ["https://x.example/a.", `https://x.example/a?${added}.`],
    ["https://x.example/?utm_source=mine", "https://x.example/?utm_source=mine"],
  ])("%s gets its parameters once", (link, expected) => {
    const once = withParameters(link, parameters);

    expect(once).toBe(expected);
    expect(withParameters(once, parameters)).toBe(once);
  });

  test("without parameters stays as it is", () => {
    expect(withParameters("https://x.example/a", { utm_source: null })).toBe("https://x.example/a");
  });
});

test("a slug has whole words, as many as fit", () => {
  expect(toSlug("Größer! 10 % mehr Übersicht")).toBe("grosser-10-mehr-ubersicht");
  expect(toSlug("word ".repeat(40)).length).toBeLessThanOrEqual(80);
  expect(toSlug(`${"x".repeat(200)} y`)).toHaveLength(80);
});
