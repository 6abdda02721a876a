import { expect, test } from "vitest";
import type { Run } from "../contract/index.ts";
import { AppError } from "../runtime/index.ts";
import { gatherRunReads, type RunReads, type SummaryRow } from "./gather-run-reads.ts";

interface Request {
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
  readonly answer: (missing?: readonly string[]) => void;
  readonly fail: (error: Error) => void;
}

/** Requests that wait until the test answers them. Of a whole run, only its id matters. */
function openRequests() {
  const requests: Request[] = [];
  const send = (ids: readonly string[], signal: AbortSignal): Promise<readonly SummaryRow[]> => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly SummaryRow[]>();
    const answer = (missing: readonly string[] = []) =>
      resolve(ids.filter((id) => !missing.includes(id)).map((id) => ({ id })));
    requests.push({ ids, signal, answer, fail: reject });
    return promise;
  };
  const reads: RunReads = {
    async one(id, signal) {
      const [row] = await send([id], signal);
      return row ? (row as Run) : null;
    },
    many: send,
  };
  return { requests, reads };
}

const idOf = (number: number): string => `run-${number}`;
const signal = new AbortController().signal;

/** One read under way, and so many that wait for it. Time passes when the test says so. */
function newScene(waiting: number) {
  const { requests, reads } = openRequests();
  const sleeping: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => sleeping.push(resolve));
  const gathered = gatherRunReads({ sleep });
  const read = (number: number, of = signal, user = "user") =>
    gathered.any(user, reads, { id: idOf(number), signal: of });
  const readWhole = (number: number, of = signal, user = "user") =>
    gathered.whole(user, reads, { id: idOf(number), signal: of });
  const first = read(0);
  const others = Array.from({ length: waiting }, (_, index) => read(index + 1));
  const passTime = async (): Promise<void> => {
    await expect.poll(() => sleeping.length).toBeGreaterThan(0);
    for (const wake of sleeping.splice(0)) wake();
  };
  const requestAt = async (place: number): Promise<Request> => {
    await expect.poll(() => requests.length).toBeGreaterThan(place);
    const request = requests[place];
    if (!request) throw new Error("There is no such request.");
    return request;
  };
  return { requests, read, readWhole, first, others, requestAt, passTime };
}

test("a read that comes alone is made at once, of the whole run", async () => {
  const { requests, first, read, passTime } = newScene(0);
  requests[0]?.answer();
  expect(await first).toEqual({ kind: "run", run: { id: idOf(0) } });
  await passTime();
  const next = read(1);
  expect(requests.map(({ ids }) => ids)).toEqual([[idOf(0)], [idOf(1)]]);
  requests[1]?.answer([idOf(1)]);
  expect(await next).toBeNull();
});

test("reads that come during another and shortly after it are made as one, each with its own row", async () => {
  const { requests, read, first, others, requestAt, passTime } = newScene(2);
  (await requestAt(0)).answer();
  await first;
  others.push(read(3));
  const again = read(2);
  expect(requests).toHaveLength(1);
  await passTime();
  const together = await requestAt(1);
  expect(together.ids).toEqual([1, 2, 3].map(idOf));
  together.answer([idOf(3)]);
  const rowOf = (number: number) => ({ kind: "summary", row: { id: idOf(number) } });
  expect(await Promise.all([...others, again])).toEqual([rowOf(1), rowOf(2), null, rowOf(2)]);
});

test("a whole run that readers ask for in one turn is read once, and again for those who come later", async () => {
  const { requests, readWhole, requestAt } = newScene(0);
  const leaving = new AbortController();
  const readers = [readWhole(1), readWhole(1), readWhole(2), readWhole(1, signal, "other")];
  const left = readWhole(2, leaving.signal);
  await requestAt(3);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: "database_unavailable" });
  readers.push(readWhole(1));
  await requestAt(4);
  expect(requests.map(({ ids }) => ids)).toEqual([0, 1, 2, 1, 1].map((n) => [idOf(n)]));
  expect(requests.every(({ signal: of }) => !of.aborted)).toBe(true);
  for (const [place, { answer }] of requests.entries()) answer(place === 2 ? [idOf(2)] : []);
  const runs = await Promise.all(readers);
  expect(runs).toEqual([1, 1, null, 1, 1].map((n) => n && { id: idOf(n) }));
  expect(runs[0]).toBe(runs[1]);
});

test("a request names 100 runs at most, and one follows the other", async () => {
  const { requests, others, requestAt, passTime } = newScene(250);
  (await requestAt(0)).answer();
  for (const [place, size] of [100, 100, 50].entries()) {
    // A full request waits for no more.
    if (size < 100) await passTime();
    const request = await requestAt(place + 1);
    expect(requests).toHaveLength(place + 2);
    expect(request.ids).toHaveLength(size);
    request.answer();
  }
  expect(await Promise.all(others)).toHaveLength(250);
});

test("no request is shared by two users", async () => {
  const { requests, read } = newScene(0);
  void read(1, signal, "other");
  expect(requests.map(({ ids }) => ids)).toEqual([[idOf(0)], [idOf(1)]]);
});

test("a caller that aborts stops waiting at once, and its read is not made", async () => {
  const { read, requestAt, others, passTime } = newScene(1);
  const leaving = new AbortController();
  const left = read(2, leaving.signal);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: "database_unavailable" });
  await expect(read(3, leaving.signal)).rejects.toBeInstanceOf(AppError);
  (await requestAt(0)).answer();
  await passTime();
  const together = await requestAt(1);
  expect(together.ids).toEqual([idOf(1)]);
  together.answer();
  expect(await others[0]).not.toBeNull();
});

test("a request goes on while one caller waits for it, and is aborted when none does", async () => {
  const { read, requestAt, passTime } = newScene(0);
  const [one, other] = [new AbortController(), new AbortController()];
  const left = [read(1, one.signal), read(2, other.signal)];
  (await requestAt(0)).answer();
  await passTime();
  const together = await requestAt(1);
  one.abort();
  await expect(left[0]).rejects.toBeInstanceOf(AppError);
  expect(together.signal.aborted).toBe(false);
  other.abort();
  await expect(left[1]).rejects.toBeInstanceOf(AppError);
  expect(together.signal.aborted).toBe(true);
});

test("an error reaches every caller of its request, and the next read is made", async () => {
  const { read, requestAt, first, others, passTime } = newScene(2);
  (await requestAt(0)).fail(new Error("first"));
  await expect(first).rejects.toThrow("first");
  await passTime();
  (await requestAt(1)).fail(new Error("together"));
  for (const waiting of others) await expect(waiting).rejects.toThrow("together");
  await passTime();
  const next = read(8);
  (await requestAt(2)).answer();
  expect(await next).toEqual({ kind: "run", run: { id: idOf(8) } });
});
