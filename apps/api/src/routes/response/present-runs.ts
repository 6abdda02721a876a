/**
 * Presents the runs of a user: outputs in the order of their schema, artifacts with links. JSON
 * responses and streams both use runs that were read here.
 */
import type { Run } from "@cmo/shared/contract";
import type { UserRuns } from "@cmo/shared/db";
import { oncePerObject } from "@cmo/shared/runtime";
import { orderOutput } from "./order-output.ts";

export function presentRuns(runs: UserRuns): UserRuns {
  return {
    async list(query) {
      const page = await runs.list(query);
      return { ...page, runs: page.runs.map(linkArtifacts) };
    },
    async create(wanted) {
      const { run, ...created } = await runs.create(wanted);
      return { ...created, run: present(run) };
    },
    async find(...wanted) {
      const run = await runs.find(...wanted);
      return run && present(run);
    },
    async findOfChat(...wanted) {
      const run = await runs.findOfChat(...wanted);
      return run && present(run);
    },
    async cancel(id) {
      return present(await runs.cancel(id));
    },
  };
}

/** Readers of one end share the row that was read for them. */
const present = oncePerObject((run: Run): Run => linkArtifacts(orderOutput(run)));

/**
 * Adds the path of the row to each artifact. The path is relative to the Supabase project, because
 * its address may differ between the browser and this process.
 */
export function linkArtifacts<Shown extends Pick<Run, "artifacts">>(run: Shown): Shown {
  const artifacts = run.artifacts.map(({ table, id }) => ({
    table,
    id,
    href: `/rest/v1/${table}?id=eq.${id}`,
  }));
  return { ...run, artifacts };
}
