import { expect, test } from "vitest";
import { AGENT_OF_MODE, RUN_MODES, toMode } from "./mode.ts";

test("a mode may be called by its name, its agent's, or the name it was deployed under", () => {
  for (const mode of RUN_MODES) {
    const agent = AGENT_OF_MODE[mode];
    expect([mode, agent, agent.slice("cmo-".length)].map(toMode)).toEqual([mode, mode, mode]);
  }
});

test.each(["", "Strategy", "constructor", "__proto__", "toString", "campaign-builder"])(
  "%j is no mode",
  (name) => {
    expect(toMode(name)).toBeNull();
  },
);
