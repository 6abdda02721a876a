import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { createTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

interface Echo {
  readonly proxy: TcpProxy;
  /** What reached the server, over all connections. */
  readonly received: () => string;
  readonly sockets: Set<Socket>;
}

/** An echo server behind a proxy. */
async function startEcho(): Promise<Echo> {
  const sockets = new Set<Socket>();
  let received = "";
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("end", () => socket.end());
    socket.on("data", (bytes) => {
      received += bytes.toString();
      socket.write(bytes);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const proxy = await createTcpProxy(typeof address === "object" ? (address?.port ?? 0) : 0);
  open.push({ close: () => closeServer(server, sockets) }, proxy);
  return { proxy, received: () => received, sockets };
}

function closeServer(server: Server, sockets: Set<Socket>): Promise<unknown> {
  for (const socket of sockets) socket.destroy();
  server.close();
  return once(server, "close");
}

interface Caller {
  readonly socket: Socket;
  readonly received: () => string;
  /** How the connection ended; null while it is open. */
  readonly ended: () => "end" | "reset" | null;
  send(text: string): void;
}

function call({ port }: TcpProxy): Caller {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  let ended: "end" | "reset" | null = null;
  socket.on("data", (bytes) => {
    received += bytes.toString();
  });
  socket.on("end", () => {
    ended ??= "end";
  });
  socket.on("error", () => {
    ended ??= "reset";
  });
  open.push({ close: () => socket.destroy() });
  return {
    socket,
    received: () => received,
    ended: () => ended,
    send: (text) => socket.write(text),
  };
}

const receives = (caller: Caller, text: string) =>
  eventually(caller.received, (received) => received === text);

describe("a proxy without orders", () => {
  test("passes bytes and the end of a stream, both ways", async () => {
    const { proxy, received } = await startEcho();
    const caller = call(proxy);
    caller.send("hello");
    await receives(caller, "hello");
    caller.socket.end(" and goodbye");
    await eventually(caller.ended, (how) => how === "end");
    expect(received()).toBe("hello and goodbye");
    await eventually(
      () => proxy.connections,
      (count) => count === 0,
    );
  });

  test("passes a megabyte unchanged to a reader that takes its time", async () => {
    const { proxy } = await startEcho();
    const caller = call(proxy);
    const text = "0123456789abcdef".repeat(65_536);
    caller.socket.pause();
    caller.send(text);
    await eventually(
      () => caller.socket.readableLength,
      (length) => length > 0,
    );
    caller.socket.resume();
    await receives(caller, text);
  });
});

describe("a hold", () => {
  test("catches a request that was cut in two, and lets it go on when released", async () => {
    const { proxy, received } = await startEcho();
    const hold = proxy.hold({ request: /finalize_run/, part: "request" });
    const caller = call(proxy);
    caller.send("POST /rpc/final");
    await receives(caller, "POST /rpc/final");
    caller.send("ize_run");
    await hold.caught();
    expect(received()).toBe("POST /rpc/final");
    hold.release();
    await receives(caller, "POST /rpc/finalize_run");
  });

  test("of a reply lets the request through", async () => {
    const { proxy, received } = await startEcho();
    const hold = proxy.hold({ request: /claim/, part: "reply" });
    const caller = call(proxy);
    caller.send("claim");
    await hold.caught();
    await eventually(received, (text) => text === "claim");
    expect(caller.received()).toBe("");
    hold.release();
    await receives(caller, "claim");
  });

  test("lets what a client sent go on after that client has died", async () => {
    const { proxy, received } = await startEcho();
    const hold = proxy.hold({ request: /claim/, part: "request" });
    const caller = call(proxy);
    caller.send("claim");
    await hold.caught();
    caller.socket.resetAndDestroy();
    hold.release();
    await eventually(received, (text) => text === "claim");
    await eventually(
      () => proxy.connections,
      (count) => count === 0,
    );
  });

  test("that is dropped loses the bytes and resets their connection, and no other", async () => {
    const { proxy, received } = await startEcho();
    const other = call(proxy);
    const hold = proxy.hold({ request: /claim/, part: "request" });
    const caller = call(proxy);
    caller.send("claim");
    await hold.caught();
    hold.drop();
    await eventually(caller.ended, (how) => how === "reset");
    other.send("claim again");
    await receives(other, "claim again");
    expect(received()).toBe("claim again");
  });
});

test("a hold catches a repeated request, and not what was sent before the hold", async () => {
  const { proxy } = await startEcho();
  const caller = call(proxy);
  caller.send("claim");
  await receives(caller, "claim");
  const hold = proxy.hold({ request: /claim/, part: "request" });
  caller.send(", other");
  await receives(caller, "claim, other");
  caller.send(", claim");
  await hold.caught();
  hold.release();
  await receives(caller, "claim, other, claim");
});

test("a hold that catches nothing names what it waited for", async () => {
  const { proxy } = await startEcho();
  const hold = proxy.hold({ request: /claim/, part: "request" });
  await expect(hold.caught(20)).rejects.toThrow("No client sent /claim/ within 20 ms.");
});

describe("the weather", () => {
  test("refuse resets new connections and leaves the old ones alone", async () => {
    const { proxy } = await startEcho();
    const old = call(proxy);
    old.send("here, ");
    await receives(old, "here, ");
    proxy.traffic("refuse");
    const refused = call(proxy);
    await eventually(refused.ended, (how) => how !== null);
    old.send("still here");
    await receives(old, "here, still here");
    proxy.traffic("pass");
    const next = call(proxy);
    next.send("welcome");
    await receives(next, "welcome");
  });

  test("stall holds bytes back and loses none", async () => {
    const { proxy, received } = await startEcho();
    const caller = call(proxy);
    caller.send("before ");
    await receives(caller, "before ");
    proxy.traffic("stall");
    caller.send("during ");
    const other = call(proxy);
    other.send("other");
    await eventually(
      () => proxy.connections,
      (count) => count === 2,
    );
    expect(received()).toBe("before ");
    proxy.traffic("pass");
    await receives(caller, "before during ");
    await receives(other, "other");
  });

  test("delay comes on top, in both directions", async () => {
    const { proxy } = await startEcho();
    const caller = call(proxy);
    proxy.delay(60);
    const at = performance.now();
    caller.send("slow");
    await receives(caller, "slow");
    expect(performance.now() - at).toBeGreaterThanOrEqual(120);
  });

  test("half-open silences existing connections without closing them, and new connections pass", async () => {
    const { proxy, received } = await startEcho();
    const old = call(proxy);
    old.send("before");
    await receives(old, "before");
    proxy.halfOpen();
    old.send("lost");
    const next = call(proxy);
    next.send(" after");
    await receives(next, " after");
    expect(received()).toBe("before after");
    expect(old.ended()).toBeNull();
  });

  test("reset closes every connection", async () => {
    const { proxy, sockets } = await startEcho();
    const callers = [call(proxy), call(proxy)];
    for (const caller of callers) caller.send("hi");
    for (const caller of callers) await receives(caller, "hi");
    proxy.reset();
    for (const caller of callers) await eventually(caller.ended, (how) => how === "reset");
    await eventually(
      () => sockets.size,
      (size) => size === 0,
    );
  });
});

test("count counts what matches, and passes it on", async () => {
  const { proxy, received } = await startEcho();
  const count = proxy.count(/^GET/);
  call(proxy).send("GET /one");
  await eventually(received, (text) => text === "GET /one" && count() === 1);
});

test("an answer replaces the server's while it applies", async () => {
  const { proxy, received } = await startEcho();
  let isOn = true;
  const stop = proxy.answer({ request: /^GET /, reply: "503", applies: () => isOn });
  const refused = call(proxy);
  refused.send("GET /");
  await eventually(refused.ended, (how) => how === "end");
  expect(refused.received()).toBe("503");
  isOn = false;
  const served = call(proxy);
  served.send("GET /");
  await receives(served, "GET /");
  stop();
  expect(received()).toBe("GET /");
});

test("a connection that the server resets is reset for its client", async () => {
  const { proxy, sockets } = await startEcho();
  const caller = call(proxy);
  caller.send("hi");
  await receives(caller, "hi");
  for (const socket of sockets) socket.resetAndDestroy();
  await eventually(caller.ended, (how) => how === "reset");
});

test("close ends what is open, and frees the port", async () => {
  const { proxy } = await startEcho();
  const caller = call(proxy);
  await proxy.close();
  await proxy.close();
  await eventually(caller.ended, (how) => how !== null);
  const late = connect(proxy.port, "127.0.0.1");
  await expect(once(late, "connect")).rejects.toThrow("ECONNREFUSED");
});
