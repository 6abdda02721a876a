/**
 * Runs PostgreSQL without root, which it requires; most containers run as root. In a user namespace
 * it runs as nobody, and no file changes its owner. Where namespaces are forbidden, it runs as
 * another user, who must own the data folder.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import { dirname } from "node:path";

export interface Unprivileged {
  readonly prefix: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Gives the server access to this path. */
  readonly hand: (path: string) => void;
}

const NOBODY = "65534";
const NAMESPACE = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--"];

export function leaveRoot(): Unprivileged {
  if (process.getuid?.() !== 0) return { prefix: [], hand: () => {} };
  const [program = "", ...args] = NAMESPACE;
  if (spawnSync(program, [...args, "true"]).status === 0)
    return { prefix: NAMESPACE, hand: () => {} };
  return asOtherUser();
}

function asOtherUser(): Unprivileged {
  const user = findUser("postgres") ?? findUser("nobody");
  if (!user) {
    throw new Error(
      "PostgreSQL refuses to run as root, and this system has neither user " +
        "namespaces nor a user named postgres or nobody. Start as an ordinary user instead.",
    );
  }
  return {
    prefix: [],
    user,
    hand: (path) => {
      // Entering a folder needs the execute permission of its parent.
      chmodSync(dirname(path), 0o711);
      chownSync(path, user.uid, user.gid);
    },
  };
}

function findUser(name: string): { uid: number; gid: number } | null {
  const uid = Number(spawnSync("id", ["-u", name], { encoding: "utf8" }).stdout || Number.NaN);
  const gid = Number(spawnSync("id", ["-g", name], { encoding: "utf8" }).stdout || Number.NaN);
  return Number.isNaN(uid) || Number.isNaN(gid) ? null : { uid, gid };
}
