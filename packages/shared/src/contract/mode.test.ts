import { expect, test } from "vitest";
import { AGENT_OF_MODE, RUN_MODES, toMode } from "./mode.ts";

test("a mode is resolved from its name, its agent's name, or its deployed name", () => {
  for (const mode of RUN_MODES) {
    const agent = AGENT_OF_MODE[mode];
    expect([mode, agent, agent.slice("cmo-".length)].map(toMode)).toEqual([mode, mode, mode]);
  }
});

test.each(["", "Strategy", "constructor", "__proto__", "toString", "campaign-builder"])(
  "%j is not a mode",
  (name) => {
    expect(toMode(name)).toBeNull();
  },
);
