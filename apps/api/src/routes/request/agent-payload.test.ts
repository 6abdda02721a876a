import { catalogEntry } from "@cmo/agents/catalog";
import { describe, expect, test } from "vitest";
import { checkPayload, fitPayload } from "./agent-payload.ts";

const plan = catalogEntry("strategy");
const campaign = catalogEntry("campaigns");
const intake = catalogEntry("setup");

describe("a lenient payload", () => {
  test("legacy names are renamed; the current name takes precedence", () => {
    const { input } = fitPayload(campaign, { preferredChannels: ["email"], goal: "nurture" }, "");
    expect(input).toEqual({ channels: ["email"], campaignGoal: "nurture" });
    const both = { channels: ["sms"], preferredChannels: ["email"] };
    expect(fitPayload(campaign, both, "").input).toEqual({ channels: ["sms"] });
  });

  test("unknown members are removed and returned, at any depth", () => {
    const payload = {
      messages: [{ role: "user", content: "Hi", id: 1 }],
      existingData: { brand: { a: 1 }, more: 1 },
      temperature: 1,
    };
    const { input, ignored } = fitPayload(intake, payload, "");
    expect(input).toEqual({
      messages: [{ role: "user", content: "Hi" }],
      existingData: { brand: { a: 1 } },
    });
    expect(ignored.toSorted()).toEqual(["existingData.more", "messages.0.id", "temperature"]);
    expect(payload.messages[0]).toHaveProperty("id");
  });

  test("invalid members are refused with their path", () => {
    expect(() => fitPayload(plan, { budget: "lots", odd: 1 }, "payload")).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        issues: [expect.objectContaining({ path: "payload.budget" })],
      }),
    );
  });

  test("names of an object's prototype are members like others", () => {
    const payload = JSON.parse('{"toString": 1, "hasOwnProperty": 2}');
    const { input, ignored } = fitPayload(plan, payload, "");
    expect(input).toEqual({});
    expect(ignored.toSorted()).toEqual(["hasOwnProperty", "toString"]);
  });
});

describe("a strict payload", () => {
  test("unknown members are refused by name", () => {
    expect(() => checkPayload(plan, { primary_goal: "x" }, "payload")).toThrow(
      expect.objectContaining({
        issues: [{ path: "payload.primary_goal", message: "Is not a known member" }],
      }),
    );
    expect(() => checkPayload(plan, { primaryGoal: "x" }, "payload")).not.toThrow();
  });
});
