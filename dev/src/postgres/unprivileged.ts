/**
 * PostgreSQL refuses to run as root, and containers mostly are. Inside a user namespace it is
 * nobody, while its files stay ours and no folder of the machine changes its owner. Where
 * namespaces are forbidden, it runs as another user, who must then own its folder.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync } from "node:fs";
import { dirname } from "node:path";

export interface Unprivileged {
  readonly prefix: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Lets the server work in this folder. */
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
      "PostgreSQL refuses to run as root, and neither a user namespace nor a user named " +
        "postgres or nobody is there to run it. Start as an ordinary user instead.",
    );
  }
  return {
    prefix: [],
    user,
    hand: (path) => {
      // Entering a folder needs the right to pass through the one that holds it.
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
