/** The process that stands in for a Supabase project: REST and Auth on the local PostgreSQL. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { App } from "@supabase/lite";
import type { PostgresConnection } from "@supabase/lite/postgres";
import { LOOPBACK } from "../processes/ports.ts";
import { FUNCTIONS_PATH, forwardToApi } from "./functions-proxy.ts";
import { createLiteConnection } from "./lite-connection.ts";
import { allowEveryOrigin, answerPreflight, isPreflight } from "./preflight.ts";
import { SupabaseOrder, type SupabaseReport } from "./protocol.ts";

const CLOSE_WITHIN_MS = 2_000;
const TOKEN_LIFETIME_SECONDS = 3_600;
/** The default of a hosted project. */
const MAX_ROWS = 1_000;

interface Prepared {
  readonly app: App;
  readonly connection: PostgresConnection;
}

type Order<Name> = Extract<SupabaseOrder, { order: Name }>;

async function prepare(order: Order<"prepare">): Promise<Prepared> {
  const connection = createLiteConnection(order.databaseUrl);
  const app = new App({
    connection,
    auth: {
      enabled: true,
      enable_signup: true,
      jwt_secret: order.jwtSecret,
      jwt_expiry: TOKEN_LIFETIME_SECONDS,
      publishable_key: order.publishableKey,
      secret_key: order.secretKey,
      email: { enable_signup: true, enable_confirmations: false },
    },
    api: { schemas: ["public"], max_rows: MAX_ROWS },
    // With `admin`, requests from this machine would act as the service role without a key.
    options: { server: { disableStudio: true, admin: false } },
  });
  await app.ensureSystemSchema();
  await connection.exec(readFileSync(new URL("./bootstrap.sql", import.meta.url), "utf8"));
  return { app, connection };
}

async function serve({ app, connection }: Prepared, order: Order<"serve">): Promise<Server> {
  await connection.clearSchemaCache();
  await app.init();
  const supabase = getRequestListener((request, env) =>
    app.fetch(request, { peerAddress: env.incoming.socket.remoteAddress ?? null }),
  );
  const server = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith(FUNCTIONS_PATH)) forwardToApi(incoming, outgoing, order.apiUrl);
    else if (isPreflight(incoming)) answerPreflight(incoming, outgoing);
    else {
      allowEveryOrigin(outgoing);
      void supabase(incoming, outgoing);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(order.port, LOOPBACK, resolve);
  });
  return server;
}

function report(what: SupabaseReport["report"]): void {
  process.send?.({ report: what } satisfies SupabaseReport);
}

function main(): void {
  // The stand-in prints every database error with its query and parameters, even if the caller gets
  // the error anyway.
  console.error = () => {};
  let prepared: Promise<Prepared> | null = null;
  let server: Promise<Server> | null = null;

  const obey = async (order: SupabaseOrder): Promise<void> => {
    if (order.order === "prepare") {
      prepared = prepare(order);
      await prepared;
      report("prepared");
    } else if (prepared) {
      server = serve(await prepared, order);
      await server;
      report("serving");
    }
  };
  const leave = async (): Promise<void> => {
    setTimeout(() => process.exit(0), CLOSE_WITHIN_MS).unref();
    (await server)?.close();
    (await server)?.closeAllConnections();
    await (await prepared)?.connection.close();
    process.exit(0);
  };
  process.on("message", (message) => void obey(SupabaseOrder.parse(message)));
  process.on("SIGTERM", () => void leave());
  process.on("disconnect", () => void leave());
}

main();
