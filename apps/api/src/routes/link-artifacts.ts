/** Where what a run saved is read. */
import type { Run } from "@cmo/shared/contract";

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
