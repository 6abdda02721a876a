/** An API whose runs do what a test says. It counts what it is asked, over real connections. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

interface HeldRun {
  readonly id: string;
  readonly frames: string[];
  readonly readers: Set<ServerResponse>;
  status: "running" | "completed" | "cancelled";
  length: number;
}

const PAGE = 2;

export class HeldApi {
  /** The bodies of the submits, in order. */
  readonly submits: unknown[] = [];
  readonly cancels: string[] = [];
  /** The runs whose streams were opened, in order. */
  readonly opened: string[] = [];
  /** The runs that were read by their id, in order. */
  readonly reads: string[] = [];
  /** So many requests more are cut without an answer. */
  cutNext = 0;
  /** The next submit is refused with this problem. */
  refusal: { readonly code: string; readonly detail: string } | null = null;
  readonly #runs: HeldRun[] = [];
  readonly #server: Server;
  #gate = Promise.resolve();

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  get openStreams(): number {
    return this.#runs.reduce((sum, { readers }) => sum + readers.size, 0);
  }

  /** Answers no submit until the returned function is called. */
  holdSubmits(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  say(id: string, text: string): void {
    const run = this.#find(id);
    this.#send(run, "delta", { text, offset: run.length });
    run.length += text.length;
  }

  complete(id: string, output: object): void {
    const done = { output, usage: null, duration_ms: 1, artifacts: [], warnings: [] };
    this.#end(this.#find(id), "completed", done);
  }

  /** A run that somebody else has submitted. */
  add(): string {
    const id = `run-${this.#runs.length + 1}`;
    const run: HeldRun = { id, frames: [], readers: new Set(), status: "running", length: 0 };
    this.#runs.push(run);
    this.#send(run, "attempt", { attempt: 1, reset: false, reason: null });
    return id;
  }

  #find(id: string): HeldRun {
    const run = this.#runs.find((one) => one.id === id);
    if (run === undefined) throw new Error(`There is no ${id}`);
    return run;
  }

  #send({ frames, readers }: HeldRun, type: string, data: object): void {
    const frame = `id: 1-${frames.length}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    frames.push(frame);
    for (const reader of readers) reader.write(frame);
  }

  #end(run: HeldRun, status: "completed" | "cancelled", data: object): void {
    run.status = status;
    this.#send(run, status, { ...data, text_length: run.length });
    for (const reader of run.readers) reader.end();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.cutNext > 0) {
      this.cutNext -= 1;
      response.destroy();
      return;
    }
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const [, , , id, action] = pathname.split("/");
    if (id === undefined && request.method === "POST") return this.#submit(request, response);
    if (id === undefined) return this.#list(Number(searchParams.get("before")), response);
    const run = this.#runs.find((one) => one.id === id);
    if (run === undefined) {
      return send(response, 404, { code: "run_not_found", detail: "Run not found." });
    }
    if (action === "events") return this.#stream(run, response);
    if (action === undefined) this.reads.push(id);
    if (action === "cancel") {
      this.cancels.push(id);
      this.#end(run, "cancelled", {});
    }
    send(response, 200, toRow(run));
  }

  async #submit(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.submits.push(await json(request));
    await this.#gate;
    if (this.refusal) send(response, 403, this.refusal);
    else send(response, 202, toRow(this.#find(this.add())));
  }

  /** The newest first; the cursor is the number of runs before it. */
  #list(before: number, response: ServerResponse): void {
    const rest = this.#runs.toReversed().slice(before);
    const next = rest.length > PAGE ? String(before + PAGE) : null;
    send(response, 200, { runs: rest.slice(0, PAGE).map(toRow), next });
  }

  #stream(run: HeldRun, response: ServerResponse): void {
    this.opened.push(run.id);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(run.frames.join(""));
    if (run.status !== "running") {
      response.end();
      return;
    }
    run.readers.add(response);
    response.on("close", () => run.readers.delete(response));
  }
}

const toRow = ({ id, status }: HeldRun) => ({ id, status, mode: "strategy", attempt: 1 });

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
