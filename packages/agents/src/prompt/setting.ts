/** The setting of a run, which every prompt contains besides the rows of the workspace. */
import type { ContextSource } from "../agent/define-agent.ts";

export interface Setting {
  readonly boundary: string;
  readonly today: string;
  readonly workspace: {
    readonly name: string;
    readonly time_zone: string;
    readonly currency: string;
    readonly language: string;
  };
}

export function toSetting({ boundary, today, workspace }: ContextSource): Setting {
  const { name, time_zone, currency, language } = workspace;
  return { boundary, today, workspace: { name, time_zone, currency, language } };
}
