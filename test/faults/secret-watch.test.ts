import { expect, test } from "vitest";
import { createHistory, seen } from "./history.ts";
import { newSecretWatch } from "./secret-watch.ts";

const SECRET = "a-very-secret-value";

function watch() {
  const recorder = createHistory();
  const secrets = newSecretWatch({ LOVABLE_API_KEY: SECRET, PATH: "/bin" }, recorder);
  const leaks = () =>
    seen(recorder.history, "leak").map(({ process, secret }) => [process, secret]);
  const emit = (data: Readonly<Record<string, unknown>>) =>
    recorder.note({
      kind: "event",
      reader: "reader",
      runId: "run",
      id: "1-1",
      type: "delta",
      data,
    });
  return { secrets, leaks, emit };
}

test("a secret in a line of a process is reported by its name", () => {
  const { secrets, leaks } = watch();
  secrets.hear("worker-1", `{"authorization":"Bearer ${SECRET}"}`);
  secrets.hear("worker-1", "nothing but /bin");
  expect(leaks()).toEqual([["worker-1", "LOVABLE_API_KEY"]]);
});

test("a secret in an event is found at any depth", () => {
  const { secrets, leaks, emit } = watch();
  emit({ text: "harmless", offset: 0 });
  secrets.searchEvents();
  expect(leaks()).toEqual([]);
  emit({ error: { cause: [`key ${SECRET}`] } });
  secrets.searchEvents();
  expect(leaks()).toEqual([["reader", "LOVABLE_API_KEY"]]);
});
