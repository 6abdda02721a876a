/** The peers' packages are theirs alone: they are installed when a command first needs them. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { System } from "./system.ts";

const FOLDER = fileURLToPath(new URL("../peers", import.meta.url));

export function installPeers(systems: readonly System[], say: (line: string) => void): void {
  if (!systems.some(({ isPeer }) => isPeer)) return;
  // npm writes it last.
  if (existsSync(`${FOLDER}/node_modules/.package-lock.json`)) return;
  say("installing the peers into bench/peers");
  const args = ["ci", "--prefix", FOLDER, "--ignore-scripts", "--no-audit", "--no-fund"];
  const { status } = spawnSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error("The peers could not be installed. Try again with a registry.");
}
