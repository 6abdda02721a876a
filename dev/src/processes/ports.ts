/** Finds ports on the loopback address. The local stack listens on no other address. */
import { createServer } from "node:net";

export const LOOPBACK = "127.0.0.1";

/** The preferred port if it is free, otherwise any free one. */
export async function findPort(preferred: number, taken: ReadonlySet<number>): Promise<number> {
  const port = taken.has(preferred) ? null : await tryPort(preferred);
  if (port !== null && !taken.has(port)) return port;
  return findPort(0, taken);
}

/** With `0`, the system chooses. */
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
