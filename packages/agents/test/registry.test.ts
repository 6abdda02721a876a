import { readFileSync } from "node:fs";
import { AGENT_OF_MODE, RUN_MODES } from "@cmo/shared/contract";
import { describe, expect, test } from "vitest";
import { agentCatalog } from "../src/catalog.ts";
import { agentByName, agents } from "../src/registry.ts";
import { AGENT_PLACES, type NamedAgent } from "./agent-places.ts";

const RECIPE = "See “Adding an agent” in packages/agents/README.md.";

/** From the contract, so that an agent that is missing anywhere else is noticed. */
const named: readonly NamedAgent[] = RUN_MODES.map((mode) => ({ mode, name: AGENT_OF_MODE[mode] }));

describe.each(named)("$name", (agent) => {
  test.each(AGENT_PLACES)("is in $path", ({ missing }) => {
    expect(missing(agent), RECIPE).toEqual([]);
  });
});

test.each(AGENT_PLACES)("a seventh agent would be missing in $path", ({ missing }) => {
  expect(missing({ mode: "pricing", name: "cmo-price-finder" })).not.toEqual([]);
});

test("the recipe lists every place, in order", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, recipe = ""] = readme.split("## Adding an agent");
  const steps = [...recipe.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path);
  expect(steps).toEqual(AGENT_PLACES.map(({ path }) => path));
});

test("the worker's agents and the API's catalog are those of the contract, in the same order", () => {
  const shown = ({ name, mode, version, reply, tag }: (typeof agentCatalog)[number]) => ({
    name,
    mode,
    version,
    reply,
    tag,
  });

  expect(
    agents.map(({ name, mode }) => ({ mode, name })),
    RECIPE,
  ).toEqual(named);
  expect(agentCatalog, RECIPE).toHaveLength(named.length);
  expect(agents).toMatchObject(agentCatalog.map(shown));
});

test("an agent is found by its name, and nothing by another", () => {
  expect(agentByName("cmo-plan-90day")?.mode).toBe("strategy");
  expect(agentByName("plan-90day")).toBeNull();
});
