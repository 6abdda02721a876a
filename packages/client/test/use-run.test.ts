/** `useRun` and `useRuns`, mounted by the real react-dom in strict mode, against an API on a real port. */

import "./document.ts";
import { setImmediate as nextTurn } from "node:timers/promises";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createElement, type FunctionComponent, type ReactNode, useEffect } from "react";
import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from "vitest";
import { type Cmo, createCmo, type InputByMode, type OutputByMode } from "../src/index.ts";
import { CmoProvider, type UseRun, useRun, useRuns } from "../src/react.ts";
import { HeldApi } from "./held-api.ts";
import { type Mounted, mount } from "./mount.ts";

const KEY = "cmo.run.strategy";
const PIECES = 300;

let api: HeldApi;
let cmo: Cmo;
let queries: QueryClient;
let mounted: Mounted[] = [];

beforeEach(async () => {
  api = new HeldApi();
  cmo = createCmo({ url: await api.listen(), getToken: () => "token" });
  queries = new QueryClient();
});

afterEach(async () => {
  for (const one of mounted) await one.unmount();
  mounted = [];
  queries.clear();
  sessionStorage.clear();
  await api.close();
});

interface Screen extends Mounted {
  /** What the hook returned last. */
  readonly run: UseRun<"strategy">;
  readonly renders: number;
}

const provide = (children: ReactNode) =>
  createElement(
    QueryClientProvider,
    { client: queries },
    createElement(CmoProvider, { cmo }, children),
  );

function show(Component: FunctionComponent): Mounted {
  const one = mount(Component, provide);
  mounted.push(one);
  return one;
}

type Submit = UseRun<"strategy">["submit"];

/** A component that shows the text of its run; `onMount` is called in an effect. */
function showRun(onMount: (submit: Submit) => void = () => {}): Screen {
  const seen: UseRun<"strategy">[] = [];
  const one = show(function Screen() {
    const run = useRun({ mode: "strategy", resume: true });
    seen.push(run);
    const { submit } = run;
    useEffect(() => onMount(submit), [submit]);
    return `${run.status}: ${run.text}`;
  });
  return {
    ...one,
    get run() {
      const last = seen.at(-1);
      if (last === undefined) throw new Error("Nothing was rendered yet");
      return last;
    },
    get renders() {
      return seen.length;
    },
  };
}

const until = (look: () => unknown, value: unknown) =>
  vi.waitFor(() => expect(look()).toEqual(value), { timeout: 20_000 });
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

async function showIdleRun(): Promise<Screen> {
  const screen = showRun();
  await until(screen.text, "idle: ");
  return screen;
}

test("strict mode submits one run, although its effects run twice, and opens one stream", async () => {
  const effects = vi.fn();
  const screen = showRun((submit) => {
    effects();
    void submit({ primaryGoal: "more" });
  });
  await until(screen.text, "running: ");
  await until(() => api.openStreams, 1);
  api.say("run-1", "Hello");
  await until(screen.text, "running: Hello");
  expect(effects).toHaveBeenCalledTimes(2);
  expect(api.submits).toEqual([{ mode: "strategy", payload: { primaryGoal: "more" } }]);
  expect(api.opened).toEqual(["run-1"]);
});

test("the end of a run is shown with its output", async () => {
  const screen = await showIdleRun();
  await screen.run.submit({ primaryGoal: "more" });
  api.complete("run-1", { plan_name: "Ninety days" });
  await until(screen.text, "completed: ");
  expect(screen.run.output?.plan_name).toBe("Ninety days");
  expect(screen.run).toMatchObject({ runId: "run-1", error: null });
});

test("a component that is unmounted ends its reader and leaves the run alone", async () => {
  const screen = await showIdleRun();
  await screen.run.submit();
  await until(() => api.openStreams, 1);
  await screen.unmount();
  await until(() => api.openStreams, 0);
  expect(api.cancels).toEqual([]);
});

test("a component that is mounted later continues the run of before", async () => {
  const before = await showIdleRun();
  await before.run.submit();
  api.say("run-1", "Hello");
  await until(before.text, "running: Hello");
  await before.unmount();

  const after = showRun();
  await until(after.text, "running: Hello");
  api.say("run-1", ", again");
  await until(after.text, "running: Hello, again");
  expect(api.submits).toHaveLength(1);
  expect(api.reads).toEqual(["run-1"]);
  expect(api.opened).toEqual(["run-1", "run-1"]);
});

test("a run whose submit is answered after the unmount is kept, and not read", async () => {
  const release = api.holdSubmits();
  const screen = await showIdleRun();
  const submitted = screen.run.submit();
  await until(() => api.submits.length, 1);
  await screen.unmount();
  release();
  await submitted;
  expect(sessionStorage.getItem(KEY)).toBe("run-1");
  // A request of now is answered after any that was sent before.
  await cmo.runs.list();
  expect(api.opened).toEqual([]);
});

test("a reload while the network is away shows the run when it is back", async () => {
  sessionStorage.setItem(KEY, api.add());
  api.say("run-1", "Hello");
  api.cutNext = 2;
  const screen = showRun();
  await until(screen.text, "running: Hello");
  expect(api.cutNext).toBe(0);
});

test("a kept id that names no run is forgotten", async () => {
  sessionStorage.setItem(KEY, "run-of-somebody-else");
  const screen = showRun();
  await until(() => sessionStorage.getItem(KEY), null);
  await until(screen.text, "idle: ");
  expect(screen.run.error).toBeNull();
});

test("stop cancels the run through the API", async () => {
  const screen = await showIdleRun();
  await screen.run.submit();
  api.say("run-1", "Hello");
  await until(screen.text, "running: Hello");
  await screen.run.stop();
  await until(screen.text, "cancelled: Hello");
  expect(api.cancels).toEqual(["run-1"]);
});

test("a run that is stopped before its submit is answered is cancelled", async () => {
  const release = api.holdSubmits();
  const screen = await showIdleRun();
  void screen.run.submit();
  await until(() => api.submits.length, 1);
  await screen.run.stop();
  release();
  await until(screen.text, "cancelled: ");
  expect(api.cancels).toEqual(["run-1"]);
});

test("a stop holds, although the component has gone before the submit is answered", async () => {
  const release = api.holdSubmits();
  const screen = await showIdleRun();
  void screen.run.submit();
  await until(() => api.submits.length, 1);
  await screen.run.stop();
  await screen.unmount();
  release();
  await until(() => api.cancels, ["run-1"]);
});

test("another submit replaces what is shown and leaves the first run alone", async () => {
  const screen = await showIdleRun();
  await screen.run.submit({ primaryGoal: "first" });
  api.say("run-1", "One");
  await until(screen.text, "running: One");
  await screen.run.submit({ primaryGoal: "second" });
  api.say("run-1", " and more");
  api.say("run-2", "Two");
  await until(screen.text, "running: Two");
  expect(sessionStorage.getItem(KEY)).toBe("run-2");
  expect(api.cancels).toEqual([]);
  await until(() => api.openStreams, 1);
});

test("a refusal is shown with the API's code and sentence", async () => {
  api.refusal = { code: "role_forbidden", detail: "Viewers may not run." };
  const screen = await showIdleRun();
  await screen.run.submit();
  await until(screen.text, "failed: ");
  expect(screen.run.error).toMatchObject({
    code: "role_forbidden",
    message: "Viewers may not run.",
  });
});

test("tokens that arrive fast are rendered together", async () => {
  const screen = await showIdleRun();
  await screen.run.submit();
  await until(() => api.openStreams, 1);
  const before = screen.renders;
  for (let index = 0; index < PIECES; index += 1) {
    api.say("run-1", "x");
    await nextTurn();
  }
  await until(screen.text, `running: ${"x".repeat(PIECES)}`);
  expect(screen.renders - before).toBeLessThan(PIECES / 5);
});

test("a list has all pages that were asked for, and follows runs that begin and end", async () => {
  for (let index = 0; index < 3; index += 1) api.complete(api.add(), {});
  let more: () => Promise<unknown> = async () => {};
  const list = show(function List() {
    const { data: runs = [], fetchNextPage } = useRuns({ mode: "strategy" });
    more = fetchNextPage;
    return runs.map(({ id, status }) => `${id} ${status}`).join(", ");
  });
  await until(list.text, "run-3 completed, run-2 completed");
  await more();
  await until(list.text, "run-3 completed, run-2 completed, run-1 completed");

  await cmo.runs.create({ mode: "strategy" });
  await queries.invalidateQueries();
  await until(list.text, matching(/^run-4 running/));
  api.complete("run-4", {});
  // Nobody tells the list: it asks again, since it shows a run that is running.
  await until(list.text, matching(/^run-4 completed/));
});

test("a list shows a run that a component beside it submits, at once", async () => {
  let submit: Submit = async () => {};
  const list = show(function Both() {
    submit = useRun({ mode: "strategy" }).submit;
    const { data: runs } = useRuns();
    return runs === undefined ? "" : `${runs.length} runs`;
  });
  await until(list.text, "0 runs");
  await submit();
  await until(list.text, "1 runs");
});

test("payload and output are those of the mode", () => {
  type Strategy = UseRun<"strategy">;
  expectTypeOf<Parameters<Strategy["submit"]>[0]>().toEqualTypeOf<
    InputByMode["strategy"] | undefined
  >();
  expectTypeOf<Strategy["output"]>().toEqualTypeOf<OutputByMode["strategy"] | null>();
  expectTypeOf(useRun<"content">).returns.toEqualTypeOf<UseRun<"content">>();
});
