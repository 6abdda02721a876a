/**
 * A TCP proxy in front of a server, which makes the network between fail in known ways.
 *
 * Guarantees:
 * 1. Without orders, bytes and ends pass unchanged in both directions.
 * 2. A `hold` catches the exact request that it names, or the reply to it, and reports it. The held
 *    bytes continue when released, even if their sender has died in the meantime.
 * 3. `halfOpen` silences the existing connections permanently, without closing either side; new
 *    connections pass.
 * 4. Every order can be withdrawn; afterwards new connections work as before.
 * 5. `close` ends every connection, and returns when the port is free again.
 */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createLane, type Lane, type Weather } from "./lane.ts";

/** `refuse` resets new connections at once; `stall` holds all bytes back until it ends. */
type Traffic = "pass" | "refuse" | "stall";

export interface HoldOrder {
  /** Matched against what clients send, as latin1: a request line, a header, a command. */
  readonly request: RegExp;
  /** Which of the two is held back. */
  readonly part: "request" | "reply";
}

export interface Hold {
  /** Resolves when the first one is caught, and rejects when none comes in time. */
  caught(withinMs?: number): Promise<void>;
  /** Catches nothing more, and passes on what was caught. */
  release(): void;
  /** Catches nothing more, and resets the caught connections: their bytes are lost. */
  drop(): void;
}

interface AnswerOrder {
  readonly request: RegExp;
  /** Sent instead of the server's reply; then the connection is closed. */
  readonly reply: string;
  /** Asked at each match. */
  readonly applies: () => boolean;
}

export interface TcpProxy {
  readonly port: number;
  /** Connections open right now. */
  readonly connections: number;
  /** The target of new connections. */
  aim(port: number): void;
  traffic(traffic: Traffic): void;
  /** Passes everything on in pieces of at most this many bytes, in both directions. */
  cut(pieceBytes: number): void;
  /** Added to every piece, in both directions. */
  delay(ms: number): void;
  hold(order: HoldOrder): Hold;
  /** The returned function gives how often it has matched what clients sent. */
  count(request: RegExp): () => number;
  /** The returned function stops it. */
  answer(order: AnswerOrder): () => void;
  halfOpen(): void;
  /** Ends all connections with a reset. */
  reset(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly client: Socket;
  readonly requests: Lane;
  readonly replies: Lane;
  reset(): void;
}

interface Order {
  readonly request: RegExp;
  /** False when the bytes are not to be passed on. */
  readonly meet: (connection: Connection) => boolean;
}

const LOOPBACK = "127.0.0.1";
/** Longer than any request takes in a working system. */
const CAUGHT_WITHIN_MS = 30_000;
/** How many characters are remembered, for requests that arrive in several pieces. */
const REMEMBERED_CHARS = 1024;

export async function createTcpProxy(targetPort: number): Promise<TcpProxy> {
  const weather: Weather = { stalled: false, delayMs: 0, pieceBytes: Number.POSITIVE_INFINITY };
  const connections = new Set<Connection>();
  const orders = new Set<Order>();
  let target = targetPort;
  let refuses = false;

  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on("error", ignore);
    // Without this, the kernel would join small pieces again.
    client.setNoDelay(true);
    if (refuses) breakOff(client);
    else open(client);
  });
  function open(client: Socket): void {
    const upstream = connect({ port: target, host: LOOPBACK, allowHalfOpen: true });
    const connection = join({ client, upstream, weather, orders });
    connections.add(connection);
    upstream.once("close", () => connections.delete(connection));
  }
  const pumpAll = () => {
    for (const { requests, replies } of connections) {
      requests.pump();
      replies.pump();
    }
  };
  const resetAll = () => {
    for (const connection of connections) connection.reset();
  };

  const port = await listen(server);
  return {
    port,
    get connections() {
      return connections.size;
    },
    aim: (port) => {
      target = port;
    },
    traffic: (traffic) => {
      refuses = traffic === "refuse";
      weather.stalled = traffic === "stall";
      pumpAll();
    },
    cut: (pieceBytes) => {
      weather.pieceBytes = pieceBytes;
    },
    delay: (ms) => {
      weather.delayMs = ms;
    },
    hold: (order) => createHold(orders, order),
    count: (request) => createCount(orders, request),
    answer: (order) => createAnswer(orders, order),
    halfOpen: () => {
      for (const { requests, replies } of connections) {
        requests.fallSilent();
        replies.fallSilent();
      }
    },
    reset: resetAll,
    close: async () => {
      if (!server.listening) return;
      resetAll();
      server.close();
      await once(server, "close");
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return address.port;
}

interface Ends {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly weather: Weather;
  readonly orders: ReadonlySet<Order>;
}

function join({ client, upstream, weather, orders }: Ends): Connection {
  let seen = "";
  const isWanted = (bytes: Buffer): boolean => {
    const before = seen.length;
    seen += bytes.toString("latin1");
    const met = [...orders].filter(({ request }) => endsAfter(request, seen, before));
    seen = seen.slice(-REMEMBERED_CHARS);
    return met.map(({ meet }) => meet(connection)).every(Boolean);
  };
  const connection: Connection = {
    client,
    requests: createLane({ from: client, to: upstream, weather, admit: isWanted }),
    replies: createLane({ from: upstream, to: client, weather, admit: () => true }),
    reset: () => {
      breakOff(client);
      breakOff(upstream);
    },
  };
  upstream.on("error", ignore);
  // When the server closes, the connection of its client is closed too. In the other direction, the
  // bytes of a dead client are still on their way, and its end follows them.
  upstream.once("close", (hadError) => {
    if (hadError) breakOff(client);
    else connection.replies.end();
  });
  client.once("close", connection.requests.end);
  return connection;
}

/** A stream that is being ended cannot be reset any more; trying would leak its handle. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Whether the pattern matches in the new bytes, even if the match begins in earlier ones. */
function endsAfter(pattern: RegExp, text: string, place: number): boolean {
  const all = text.matchAll(new RegExp(pattern, `${pattern.flags.replace("g", "")}g`));
  return all.some((match) => match.index + match[0].length > place);
}

function createHold(orders: Set<Order>, { request, part }: HoldOrder): Hold {
  const caught = Promise.withResolvers<void>();
  const held = new Set<Connection>();
  const order: Order = {
    request,
    meet: (connection) => {
      if (held.has(connection)) return true;
      held.add(connection);
      laneOf(connection).hold();
      caught.resolve();
      return true;
    },
  };
  const laneOf = ({ requests, replies }: Connection) => (part === "request" ? requests : replies);
  const finish = (each: (connection: Connection) => void) => () => {
    orders.delete(order);
    for (const connection of held) each(connection);
    held.clear();
  };
  orders.add(order);
  return {
    caught: (withinMs = CAUGHT_WITHIN_MS) => {
      const late = setTimeout(
        () => caught.reject(new Error(`No client sent ${request} within ${withinMs} ms.`)),
        withinMs,
      ).unref();
      return caught.promise.finally(() => clearTimeout(late));
    },
    release: finish((connection) => laneOf(connection).letGo()),
    drop: finish((connection) => connection.reset()),
  };
}

function createAnswer(orders: Set<Order>, { request, reply, applies }: AnswerOrder): () => void {
  const order = { request, meet: ({ client }: Connection) => !applies() || end(client, reply) };
  orders.add(order);
  return () => {
    orders.delete(order);
  };
}

function createCount(orders: Set<Order>, request: RegExp): () => number {
  let count = 0;
  const meet = () => {
    count += 1;
    return true;
  };
  orders.add({ request, meet });
  return () => count;
}

/** False, so that the request it answers goes no further. */
function end(client: Socket, reply: string): false {
  client.end(reply);
  return false;
}

function ignore(): void {
  // A connection that breaks is what this proxy is for; its lanes see the close.
}
