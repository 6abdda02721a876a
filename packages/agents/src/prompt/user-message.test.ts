import { expect, test } from "vitest";
import { userMessage } from "./user-message.ts";

const setting = {
  boundary: "7f3a9c",
  today: "2026-03-02",
  workspace: { name: "W", time_zone: "UTC", currency: "EUR", language: "en" },
};
const large = Array.from({ length: 100 }, () => "語".repeat(1_000));

test("all blocks together are limited, and the request is whole", () => {
  const blocks = { brand: large, segments: large, offers: large, plan: large, metrics: large };

  const { content } = userMessage(setting, { ...blocks, request: { prompt: "Grow." } }, "Task.");

  expect(Buffer.byteLength(content)).toBeLessThan(140_000);
  expect(content).toContain('{"prompt":"Grow."}\n</data-7f3a9c>\n\nTask.');
  expect(content).toContain(
    '<data-7f3a9c name="metrics">\n["Parts of this block were left out because they did not fit."]',
  );
});
