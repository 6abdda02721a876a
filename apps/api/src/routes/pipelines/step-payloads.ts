/**
 * Splits the payload of a pipeline by step. A member named after a step is the payload of that
 * step. Every other member goes to each step whose agent accepts it, and is refused if none does.
 */
import { catalogEntry } from "@cmo/agents/catalog";
import { PIPELINE_MODES, type Pipeline } from "@cmo/shared/contract";
import { invalidRequest } from "../../http/errors.ts";
import { checkPayload, fitPayload } from "../request/agent-payload.ts";

type Payload = Record<string, unknown>;

export function toStepPayloads(steps: Pipeline["steps"], payload: Payload): Pipeline["inputs"] {
  const names: readonly string[] = PIPELINE_MODES;
  const shared = Object.fromEntries(
    Object.entries(payload).filter(([name]) => !names.includes(name)),
  );
  const unknown = PIPELINE_MODES.filter((mode) => mode in payload && !steps.includes(mode));
  if (unknown.length > 0) {
    throw invalidRequest(
      unknown.map((mode) => ({ path: `payload.${mode}`, message: "Is not one of the steps" })),
    );
  }

  const fitted = steps.map((mode) => ({
    mode,
    ...fitPayload(catalogEntry(mode), shared, "payload"),
  }));
  const [first, ...others] = fitted.map(({ ignored }) => ignored);
  const useless = first?.filter((path) => others.every((ignored) => ignored.includes(path))) ?? [];
  if (useless.length > 0) {
    throw invalidRequest(
      useless.map((path) => ({ path: `payload.${path}`, message: "Is not accepted by any step" })),
    );
  }
  return Object.fromEntries(
    fitted.map(({ mode, input }) => {
      const own = ownPayload(mode, payload[mode]);
      checkPayload(catalogEntry(mode), own, `payload.${mode}`);
      if (mode === "campaigns" && steps.includes("funnels")) refuseStage(input, own);
      return [mode, { ...input, ...own }];
    }),
  );
}

/** An existing stage belongs to another funnel than the one created here, so the step would fail. */
function refuseStage(shared: Payload, own: Payload): void {
  if (!{ ...shared, ...own }["stageId"]) return;
  const path = "stageId" in own ? "payload.campaigns.stageId" : "payload.stageId";
  const message =
    "Must not be combined with the step `funnels`, which creates a new funnel. Omit one of them";
  throw invalidRequest([{ path, message }]);
}

function ownPayload(mode: string, value: unknown = {}): Payload {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw invalidRequest([{ path: `payload.${mode}`, message: "Must be an object" }]);
}
