/** Ports on the loopback address. Nothing of the local stack listens anywhere else. */
import { createServer } from "node:net";

export const LOOPBACK = "127.0.0.1";

/** The preferred port when nobody has it, else any free one. */
export async function findPort(preferred: number, taken: ReadonlySet<number>): Promise<number> {
  const port = taken.has(preferred) ? null : await tryPort(preferred);
  if (port !== null && !taken.has(port)) return port;
  return findPort(0, taken);
}

/** `0` asks the system to choose. */
function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(null);
      else reject(error);
    });
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      const chosen = typeof address === "object" && address ? address.port : null;
      server.close(() => resolve(chosen));
    });
  });
}
