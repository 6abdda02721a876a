/** Compiles TypeScript programs in a folder with this project's compiler, as a stranger's project would. */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const TYPESCRIPT = new URL("../../node_modules/typescript/bin/tsc", import.meta.url).pathname;

const OPTIONS = [
  ["--strict", "--noEmit", "--skipLibCheck", "--verbatimModuleSyntax"],
  ["--target", "es2022", "--lib", "es2022,dom,dom.iterable"],
  ["--module", "esnext", "--moduleResolution", "bundler", "--types", ""],
].flat();

/** The compiler's complaints by program; programs without one are not in it. */
export async function compileAll(
  folder: string,
  programs: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const files = Object.keys(programs);
  await Promise.all(files.map((file) => writeFile(join(folder, file), programs[file] ?? "")));
  const output = await run(process.execPath, [TYPESCRIPT, ...OPTIONS, ...files], {
    cwd: folder,
  }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
  const complaints = output.split("\n").filter((line) => /error TS\d+/.test(line));
  return Map.groupBy(complaints, (line) => line.split("(")[0] ?? line);
}
