import { expect, test } from "vitest";
import { z } from "zod";
import { planner } from "../../test/scripted-run.ts";
import { defineAgent } from "./define-agent.ts";

test("an agent's sections are the members of its output, in order", () => {
  expect(planner.sections).toEqual(["title", "steps"]);
});

test("an output that is not one object is refused where the agent is defined", () => {
  const define = () =>
    defineAgent({
      name: "cmo-plan-90day",
      mode: "strategy",
      title: "Planner",
      version: 1,
      reply: "json",
      tag: null,
      input: z.object({}),
      output: z.record(z.string(), z.unknown()),
      context: () => Promise.resolve({}),
      prompt: () => [],
      finish: (output) => ({ output, findings: [] }),
      artifacts: () => [],
    });
  expect(define).toThrow("plain z.object");
});

test("a payload with many faults is refused in a sentence that can still be read", async () => {
  const source = {
    db: { list: () => Promise.resolve([]), find: () => Promise.resolve(null), unread: () => [] },
    workspace: { id: "w", name: "W", time_zone: "UTC", currency: "EUR", language: "en" },
    today: "2026-11-23",
    boundary: "b",
  };
  const agent = defineAgent({
    name: "cmo-plan-90day",
    mode: "strategy",
    title: "Planner",
    version: 1,
    reply: "json",
    tag: null,
    input: z.object({ days: z.array(z.object({ hour: z.int() })) }),
    output: z.object({}),
    context: () => Promise.resolve({}),
    prompt: () => [],
    finish: (output) => ({ output, findings: [] }),
    artifacts: () => [],
  });
  const days = Array.from({ length: 8 }, () => ({ hour: "late" }));
  await expect(agent.prepare({ days }, source)).rejects.toThrow(
    /^The payload cannot be used\. .*days\[0\]\.hour: .*and 3 more$/,
  );
});
