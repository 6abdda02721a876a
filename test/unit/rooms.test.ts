import { describe, expect, test } from "vitest";
import { findCircles, importedFile, importGraph, roomOf } from "./rooms.ts";
import { readSources } from "./source-files.ts";

const sources = readSources("{apps,packages}/*/src/**/*.ts").concat(readSources("dev/src/**/*.ts"));

const SIX = [
  "brand-intake",
  "campaign-designer",
  "content-engine",
  "funnel-architect",
  "optimization-analyst",
  "plan-90day",
];
const MARKETING = ["marketing", "marketing/languages", "marketing/metrics", "marketing/workspace"];

/** The rooms inside a package that each of its rooms may import, type imports included. */
const MAY_IMPORT: Record<string, Record<string, readonly string[]>> = {
  "packages/agents": {
    agent: [],
    gateway: ["agent"],
    "answer-text": ["agent"],
    prompt: ["agent"],
    engine: ["agent", "answer-text", "gateway", "prompt", "tokens"],
    tokens: [],
    marketing: ["agent", "marketing/languages"],
    "marketing/languages": [],
    "marketing/metrics": ["marketing"],
    "marketing/workspace": ["agent", "marketing", "marketing/metrics", "prompt"],
    ...Object.fromEntries(SIX.map((agent) => [agent, ["agent", "prompt", ...MARKETING]])),
  },
  "packages/shared": {
    contract: [],
    runtime: ["contract"],
    redis: ["runtime"],
    db: ["contract", "runtime"],
    queue: ["contract", "redis", "runtime"],
    stream: ["contract", "redis", "runtime"],
  },
  "apps/api": {
    http: [],
    openapi: ["http"],
    sse: ["http", "sse/formats"],
    "sse/formats": [],
    "routes/request": ["http"],
    "routes/response": ["sse"],
    "routes/agents": ["http", "routes/response"],
    "routes/health": ["http"],
    "routes/metrics": ["http", "routes/request", "routes/response"],
    "routes/usage": ["http", "routes/response"],
    "routes/workspaces": ["http", "routes/response"],
    "routes/runs": ["http", "sse", "sse/formats", "routes/request", "routes/response"],
    "routes/functions": [
      "http",
      "openapi",
      "sse",
      "sse/formats",
      "routes/request",
      "routes/response",
    ],
    "routes/openai": ["http", "sse", "routes/functions", "routes/request", "routes/response"],
    "routes/chat": [
      "http",
      "sse",
      "routes/functions",
      "routes/request",
      "routes/response",
      "routes/runs",
    ],
    "routes/pipelines": [
      "http",
      "sse",
      "sse/formats",
      "routes/request",
      "routes/response",
      "routes/runs",
    ],
  },
};

const isLoose = (path: string): boolean => /\/src\/[^/]+$/.test(path);

describe("the rooms inside a package", () => {
  test.each(Object.keys(MAY_IMPORT))(
    "%s: each room imports only rooms that it may know",
    (owner) => {
      const table = MAY_IMPORT[owner] ?? {};
      const inside = sources.filter(
        ({ path }) => path.startsWith(`${owner}/src/`) && !isLoose(path),
      );
      expect(new Set(inside.map(({ path }) => roomOf(path)))).toEqual(
        new Set(Object.keys(table).map((room) => `${owner}/${room}`)),
      );
      const strays = inside.flatMap((file) => {
        const room = roomOf(file.path);
        const allowed = (table[room.slice(owner.length + 1)] ?? []).map(
          (name) => `${owner}/${name}`,
        );
        return file.imports
          .map(({ specifier }) => importedFile(file, specifier))
          .filter((target) => target !== null && !isLoose(target) && roomOf(target) !== room)
          .filter((target) => !allowed.includes(roomOf(target ?? "")))
          .map((target) => `${file.path} imports ${target}`);
      });
      expect(strays).toEqual([]);
    },
  );

  test("no room imports the files that compose it, but for settings and types", () => {
    const agents = sources.filter(({ path }) => path.startsWith("packages/agents/src/"));
    const strays = agents
      .filter(({ path }) => !isLoose(path))
      .flatMap((file) =>
        file.imports
          .map(({ specifier }) => importedFile(file, specifier))
          .filter((target) => target !== null && isLoose(target))
          .map((target) => `${file.path} imports ${target}`),
      );
    expect(strays).toEqual([]);
  });
});

describe("the shape of the house", () => {
  const circles = (nameOf: (path: string) => string) => findCircles(importGraph(sources, nameOf));
  const looseAgents = sources.filter(({ path }) => /^packages\/agents\/src\/[^/]+$/.test(path));
  const looseRoutes = sources.filter(({ path }) => /^apps\/api\/src\/routes\/[^/]+$/.test(path));

  test("it is counted and printed", () => {
    const counts = {
      "loose files in packages/agents/src": looseAgents.length,
      "loose files in apps/api/src/routes": looseRoutes.length,
      "circles between files": circles((path) => path).length,
      "circles between rooms": circles(roomOf).length,
    };
    console.table(counts);
    expect(Object.values(counts)).toEqual([expect.toSatisfy((count) => count <= 4), 0, 0, 0]);
  });

  test("a circle is found, also through type imports", () => {
    const file = (path: string, specifier: string) => ({
      path,
      text: "",
      imports: [{ specifier, typeOnly: true }],
    });
    const round = [file("a/src/x/one.ts", "../y/two.ts"), file("a/src/y/two.ts", "../x/one.ts")];
    expect(findCircles(importGraph(round, roomOf))).toEqual(["a/x → a/y → a/x", "a/y → a/x → a/y"]);
  });
});
