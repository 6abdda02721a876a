import { useRun } from "@cmo/client/react";
import { type FormEvent, useState } from "react";
import { RecentRuns } from "./recent-runs.tsx";

/** Asks for a plan and shows it while it is written. A reload continues where the text is. */
export function Plan() {
  const [goal, setGoal] = useState("Win 60 new office subscriptions");
  const run = useRun({ mode: "strategy", resume: true });
  const isBusy = run.status === "submitting" || run.status === "running";

  function ask(event: FormEvent) {
    event.preventDefault();
    void run.submit({ primaryGoal: goal });
  }

  return (
    <main>
      <h1>{run.output?.plan_name ?? "A plan for 90 days"}</h1>
      <form onSubmit={ask}>
        <input name="goal" value={goal} onChange={(event) => setGoal(event.target.value)} />
        <button type="submit" disabled={isBusy}>
          Ask
        </button>
        <button type="button" disabled={!isBusy} onClick={() => void run.stop()}>
          Stop
        </button>
      </form>
      <p>
        Status: <output>{run.status}</output>
      </p>
      {run.progress && <progress max={100} value={run.progress.percent} />}
      {run.waiting && <p>Waiting until {new Date(run.waiting.until).toLocaleTimeString()}</p>}
      {run.error && <p role="alert">{run.error.message}</p>}
      <ul id="sections">
        {Object.keys(run.sections).map((path) => (
          <li key={path}>{path}</li>
        ))}
      </ul>
      <pre>{run.text}</pre>
      <RecentRuns />
    </main>
  );
}
