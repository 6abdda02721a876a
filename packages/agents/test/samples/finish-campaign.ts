/** For tests: the sample campaign, changed in one place and finished. */

import { readCampaignDesignerContext } from "../../src/campaign-designer/context.ts";
import { finishCampaign } from "../../src/campaign-designer/finish.ts";
import { type CampaignDesignerOutput, inputSchema } from "../../src/campaign-designer/schema.ts";
import { sampleSource } from "../sample-source.ts";
import { sampleCampaign } from "./campaign-designer.ts";

export const contextOf = (input: object) =>
  readCampaignDesignerContext(sampleSource(), inputSchema.parse(input));

const context = await contextOf({});

type Campaign = CampaignDesignerOutput["campaign"];
type Piece = CampaignDesignerOutput["content_outline"][number];

export const finish = (of: Partial<CampaignDesignerOutput>, known = context) =>
  finishCampaign({ ...sampleCampaign, ...of }, known);
export const finishHead = (of: Partial<Campaign>, known = context) =>
  finish({ campaign: { ...sampleCampaign.campaign, ...of } }, known);
export const finishPieces = (change: (piece: Piece, index: number) => Partial<Piece>) =>
  finish({
    content_outline: sampleCampaign.content_outline.map((piece, i) => ({
      ...piece,
      ...change(piece, i),
    })),
  });

export const findingsIn = ({ findings }: ReturnType<typeof finishCampaign>) =>
  findings.map(({ kind, path, fixed }) => `${fixed ? "fixed" : "open"} ${kind} ${path}`);
