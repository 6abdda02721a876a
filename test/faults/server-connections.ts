/** How many connections a server of this machine holds open, as counted by Linux. */
import { existsSync, readFileSync } from "node:fs";

const TABLE = "/proc/net/tcp";
const ESTABLISHED = "01";

export function whyNoServerConnections(): string | null {
  return existsSync(TABLE) ? null : "needs Linux, which lists the connections of a server";
}

/** Those that the server at this port has accepted and not closed. */
export function countServerConnections(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync(TABLE, "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(end) && state === ESTABLISHED).length;
}
