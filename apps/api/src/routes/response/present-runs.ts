/**
 * A user's runs as the API shows them: outputs in their schema's order, artifacts with their links.
 * The one place: JSON answers and streams alike are made of runs that were read here.
 */
import type { Run } from "@cmo/shared/contract";
import type { UserRuns } from "@cmo/shared/db";
import { orderOutput } from "./order-output.ts";

export function presentRuns(runs: UserRuns): UserRuns {
  return {
    async list(query) {
      const page = await runs.list(query);
      return { ...page, runs: page.runs.map(linkArtifacts) };
    },
    async create(wanted) {
      const { run, created } = await runs.create(wanted);
      return { run: present(run), created };
    },
    async find(...wanted) {
      const run = await runs.find(...wanted);
      return run && present(run);
    },
    async cancel(id) {
      return present(await runs.cancel(id));
    },
  };
}

function present(run: Run): Run {
  return linkArtifacts(orderOutput(run));
}

/**
 * Each artifact with the address of its row. It is relative to the Supabase project, whose address
 * a browser knows under another name than we may.
 */
export function linkArtifacts<Shown extends Pick<Run, "artifacts">>(run: Shown): Shown {
  const artifacts = run.artifacts.map(({ table, id }) => ({
    table,
    id,
    href: `/rest/v1/${table}?id=eq.${id}`,
  }));
  return { ...run, artifacts };
}
