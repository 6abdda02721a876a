import { expect, test } from "vitest";
import { z } from "zod";
import { finished, runScripted, text } from "../../test/scripted-run.ts";
import { defineAgent } from "../agent/define-agent.ts";
import { doubt, type Finding, open } from "../agent/finding.ts";

/** An agent whose answer has these findings. */
const agentWith = (...findings: readonly Finding[]) =>
  defineAgent({
    name: "cmo-plan-90day",
    mode: "strategy",
    title: "Planner",
    version: 1,
    reply: "json",
    tag: null,
    input: z.object({}),
    output: z.object({ title: z.string() }),
    context: () => Promise.resolve({}),
    prompt: () => [{ role: "user", content: "Plan." }],
    finish: (output) => ({ output, findings }),
    artifacts: () => [],
  });

const answers = [
  [text('{"title": "First"}'), finished()],
  [text('{"title": "Second"}'), finished()],
];

test("a doubt is a warning, and nothing is asked of the model", async () => {
  const found = doubt("number", "title", "It may be wrong.");

  const { outcome, requests } = await runScripted(agentWith(found), answers, { input: {} });

  expect(requests).toHaveLength(1);
  expect(outcome).toMatchObject({
    kind: "completed",
    output: { title: "First" },
    findings: [found],
  });
  expect(outcome.validationSteps.at(-1)).toEqual({
    answer: 1,
    step: "finish",
    passed: true,
    doubt: { number: 1 },
  });
});

test("a doubt beside a defect is not among what the model is asked to correct", async () => {
  const agent = agentWith(
    doubt("number", "title", "It may be wrong."),
    open("sum", "title", "It is wrong."),
  );

  const { requests } = await runScripted(agent, answers, { input: {} });

  const [, { messages } = { messages: [] }] = requests;
  expect(JSON.stringify(messages)).toContain("It is wrong.");
  expect(JSON.stringify(messages)).not.toContain("It may be wrong.");
});
