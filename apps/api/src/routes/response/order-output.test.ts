import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { orderOutput } from "./order-output.ts";

describe("an output read from the database", () => {
  test("is ordered like its schema, at every depth", () => {
    const output = {
      other: { b: 1, a: 2 },
      channel_mix: [{ role: "Reach", channel: "Email", extra: null }],
      executive_summary: "S",
      plan_name: "P",
    };
    expect(JSON.stringify(orderOutput({ mode: "strategy", output }).output)).toBe(
      JSON.stringify({
        plan_name: "P",
        executive_summary: "S",
        channel_mix: [{ channel: "Email", role: "Reach", extra: null }],
        other: { b: 1, a: 2 },
      }),
    );
  });

  test("also where the schema allows null instead", () => {
    const output = { brand: { brand_colors: { accent: "#1", primary: "#2" }, brand_name: "B" } };
    expect(JSON.stringify(orderOutput({ mode: "setup", output }).output)).toBe(
      '{"brand":{"brand_name":"B","brand_colors":{"primary":"#2","accent":"#1"}}}',
    );
  });

  test("keeps its content, whatever it is", () => {
    const names = fc.constantFrom("plan_name", "channel_mix", "month_1_plan", "__proto__", "x");
    const outputs = fc.dictionary(names, fc.jsonValue());
    fc.assert(
      fc.property(outputs, (output) => {
        expect(orderOutput({ mode: "strategy", output }).output).toEqual({ ...output });
      }),
    );
    expect(orderOutput({ mode: "strategy", output: null }).output).toBeNull();
  });
});
