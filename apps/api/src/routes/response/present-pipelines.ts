/** Presents the pipelines of a user: the artifacts of their runs with links. */
import type { Pipeline } from "@cmo/shared/contract";
import type { UserPipelines } from "@cmo/shared/db";
import { linkArtifacts } from "./present-runs.ts";

export function presentPipelines(pipelines: UserPipelines): UserPipelines {
  return {
    async create(wanted) {
      const { pipeline, ...created } = await pipelines.create(wanted);
      return { ...created, pipeline: present(pipeline) };
    },
    async find(...wanted) {
      const pipeline = await pipelines.find(...wanted);
      return pipeline && present(pipeline);
    },
    async cancel(id) {
      return present(await pipelines.cancel(id));
    },
  };
}

function present(pipeline: Pipeline): Pipeline {
  return { ...pipeline, runs: pipeline.runs.map(linkArtifacts) };
}
