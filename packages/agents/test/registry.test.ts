import { existsSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { agentCatalog } from "../src/catalog.ts";
import { agentByName, agents } from "../src/registry.ts";

const here = new URL("../src/", import.meta.url);

const RECIPE =
  "Add the seventh agent: one folder (card, schema, context, prompt, finish, index), one line in registry.ts, one line in catalog.ts, one mode in the contract.";

test("every agent's folder is registered", () => {
  const folders = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/schema.ts`, here)))
    .map((entry) => `cmo-${entry.name}`);

  expect(agents.map((agent) => agent.name).toSorted(), RECIPE).toEqual(folders.toSorted());
});

test("the worker's agents and the API's catalog are the same, in the same order", () => {
  const shown = ({ name, mode, version, reply, tag }: (typeof agentCatalog)[number]) => ({
    name,
    mode,
    version,
    reply,
    tag,
  });

  expect(agents).toMatchObject(agentCatalog.map(shown));
});

test("an agent is found by its name, and nothing by another", () => {
  expect(agentByName("cmo-plan-90day")?.mode).toBe("strategy");
  expect(agentByName("plan-90day")).toBeNull();
});
