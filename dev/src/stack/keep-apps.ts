/** Starts this repository's programs: the demo gateway, the API and the workers. */

import { LOOPBACK } from "../processes/ports.ts";
import { PROGRAMS } from "../repository.ts";
import { toApiEnvironment, toGatewayEnvironment, toWorkerEnvironment } from "./app-environment.ts";
import { keepPart } from "./keep-part.ts";
import type { Plan } from "./plan.ts";
import { startApp } from "./start-app.ts";

export function keepGateway(plan: Plan): Promise<void> {
  return keepApp(plan, {
    name: "gateway",
    program: PROGRAMS.gateway,
    port: plan.ports.gateway,
    environment: toGatewayEnvironment(plan.apps, plan.keys.gatewayKey),
    // The gateway must outlive the workers that use it, as a database must.
    stage: "data",
  });
}

export async function keepApis(plan: Plan): Promise<void> {
  const environment = toApiEnvironment(plan.apps);
  const apis = plan.ports.api.map((port, index) =>
    keepApp(plan, {
      name: `api-${index + 1}`,
      program: PROGRAMS.api,
      port,
      environment,
      stage: "apps",
    }),
  );
  await Promise.all(apis);
}

export async function keepWorkers(plan: Plan): Promise<void> {
  const environment = toWorkerEnvironment(plan.apps);
  const workers = Array.from({ length: plan.options.apps.workers }, (_, index) =>
    // Nothing connects to a worker, so any port will do.
    keepApp(plan, {
      name: `worker-${index + 1}`,
      program: PROGRAMS.worker,
      port: 0,
      environment,
      stage: "apps",
    }),
  );
  await Promise.all(workers);
}

interface App {
  readonly name: string;
  readonly program: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly stage: "data" | "apps";
}

function keepApp(plan: Plan, { name, program, port, environment, stage }: App): Promise<void> {
  const options = {
    program,
    environment: { ...environment, HOST: LOOPBACK, PORT: String(port) },
    watch: stage === "apps" && plan.options.apps.watch === true,
    onLine: (line: string) => plan.say(name, line),
  };
  return keepPart(plan, { name, stage, start: (own) => startApp(options, own) });
}
