/**
 * Rooms and the imports between them. A folder below `src` is a room; a file that lies loose in
 * `src` or in `test` beside it composes rooms, so it counts as one of its own.
 */
import type { SourceFile } from "./source-files.ts";

export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** `packages/agents/src/engine/run-agent.ts` is in `packages/agents/engine`. */
export function roomOf(path: string): string {
  const [owner = "", inside = ""] = path.split(/\/src\//);
  const folder = inside.split("/").slice(0, -1).join("/");
  return folder === "" ? `${owner}/${inside}` : `${owner}/${folder}`;
}

/** The source file that a relative import names; null for a package and for data. */
export function importedFile(file: SourceFile, specifier: string): string | null {
  if (!specifier.startsWith(".") || !specifier.endsWith(".ts")) return null;
  return new URL(specifier, `file:///${file.path}`).pathname.slice(1);
}

/** Who imports whom. Type imports count: a reader follows them as well. */
export function importGraph(
  sources: readonly SourceFile[],
  nameOf: (path: string) => string,
): Graph {
  const graph = new Map<string, Set<string>>();
  for (const file of sources) {
    const from = nameOf(file.path);
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const { specifier } of file.imports) {
      const target = importedFile(file, specifier);
      if (target !== null && nameOf(target) !== from) targets.add(nameOf(target));
    }
  }
  return graph;
}

/** A way from a node back to itself, for each node that has one. */
export function findCircles(graph: Graph): readonly string[] {
  return [...graph.keys()].flatMap((start) => {
    const way = wayBack(graph, start);
    return way === null ? [] : [way.join(" → ")];
  });
}

function wayBack(graph: Graph, start: string): readonly string[] | null {
  const seen = new Set<string>();
  const waiting: (readonly string[])[] = [[start]];
  for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
    for (const next of graph.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push([...way, next]);
    }
  }
  return null;
}
