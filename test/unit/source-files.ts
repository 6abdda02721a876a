/** The project's TypeScript sources and what each imports, read as text. */
import { globSync, readFileSync } from "node:fs";

export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportedModule[];
}

interface ImportedModule {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const root = new URL("../../", import.meta.url);

export function readSources(pattern: string): SourceFile[] {
  return globSync(pattern, { cwd: root, exclude: (path) => path.includes("node_modules") })
    .filter((path) => !path.endsWith(".test.ts") && !path.endsWith(".gen.ts"))
    .map((path) => {
      const text = readFileSync(new URL(path, root), "utf8");
      return { path, text, imports: findImports(text) };
    });
}

function findImports(text: string): ImportedModule[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?["']([^"']+)["']/gm,
  );
  return [...statements].map(([, type, specifier = ""]) => ({
    specifier,
    typeOnly: type !== undefined,
  }));
}
