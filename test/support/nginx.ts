/** The real nginx, from the PATH or from the system's package mirror, with one of our files. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fetchPackages, userCacheFolder } from "../../dev/src/debian-packages.ts";
import { eventually } from "./eventually.ts";

const run = promisify(execFile);
const FETCH_WITHIN_MS = 120_000;

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** `template` is a file of `deploy/`, and `values` are what its variables stand for. */
export async function startNginx(
  template: string,
  values: Readonly<Record<string, string>>,
): Promise<Nginx> {
  const program = await findNginx();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "cmo-kernel-nginx-"));
  mkdirSync(join(folder, "temp"));
  writeFileSync(
    join(folder, "nginx.conf"),
    mainFile(folder, fill(template, { ...values, PORT: `127.0.0.1:${port}` })),
  );
  const child = spawn(program, ["-p", folder, "-c", "nginx.conf", "-e", "stderr"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  const exited = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(
      async () =>
        child.exitCode ??
        fetch(url).then(
          () => "up",
          () => "down",
        ),
      (state) => state !== "down",
    );
    if (child.exitCode !== null) throw new Error(`nginx ended.\n${said.join("")}`);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findNginx(): Promise<string> {
  const folder = join(userCacheFolder(), `nginx-${process.arch}`);
  const cached = join(folder, "usr/sbin/nginx");
  for (const program of ["nginx", "/usr/sbin/nginx", cached]) {
    if (await runs(program)) return program;
  }
  await fetchPackages({
    packages: ["nginx"],
    cache: userCacheFolder(),
    folder,
    signal: AbortSignal.timeout(FETCH_WITHIN_MS),
  });
  if (existsSync(cached) && (await runs(cached))) return cached;
  throw new Error("There is no nginx that runs. Install it: apt-get install nginx");
}

async function runs(program: string): Promise<boolean> {
  return run(program, ["-v"]).then(
    () => true,
    () => false,
  );
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(new URL(`../../deploy/${template}`, import.meta.url), "utf8");
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${template} needs ${name}.`);
    return value;
  });
}

/** What the image has around a file of servers; here in one folder, and without root. */
function mainFile(folder: string, servers: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return [
    "daemon off;",
    // The folder is this user's. As root, nginx would serve as another one.
    ...(process.getuid?.() === 0 ? ["user root;"] : []),
    "worker_processes 1;",
    `pid ${join(folder, "nginx.pid")};`,
    "events {}",
    "http {",
    "  access_log off;",
    ...temporary.map((name) => `  ${name}_temp_path ${join(folder, "temp", name)};`),
    servers,
    "}",
  ].join("\n");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
