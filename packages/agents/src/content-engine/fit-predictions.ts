/**
 * Keeps the predictions of texts whose channel has measured numbers. Any other is a number from nothing,
 * which screens would show like a measured one.
 */
import { doubt, fixed } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { channelKey } from "../marketing/channel-key.ts";
import { readRates } from "../marketing/metrics/rates.ts";
import { formOf } from "./content-channel.ts";
import type { ContentEngineContext } from "./context.ts";
import type { ContentEngineOutput } from "./schema.ts";

type Assets = readonly ContentEngineOutput["assets"][number][];

export function fitPredictions(given: Assets, { measured }: ContentEngineContext): Fitted<Assets> {
  return fitInSteps(given, [
    (assets) =>
      withoutUnfounded(
        assets,
        measured.map(({ channel }) => channel),
      ),
    toFractions,
  ]);
}

function withoutUnfounded(given: Assets, measured: readonly string[]): Fitted<Assets> {
  const isFounded = (name: string) =>
    measured.some(
      (one) => one === channelKey(name) || (formOf(one) !== null && formOf(one) === formOf(name)),
    );
  const isUnfounded = ({ channel, performance_predictions }: Assets[number]) =>
    performance_predictions !== null && !isFounded(channel);
  if (!given.some(isUnfounded)) return fitted(given);
  const message = "Predictions for channels without measured numbers have nothing behind them.";
  return fitted(
    given.map((asset) =>
      isUnfounded(asset) ? { ...asset, performance_predictions: null } : asset,
    ),
    fixed("normalized", "assets", message),
  );
}

function toFractions(given: Assets): Fitted<Assets> {
  const rates = given.flatMap(({ performance_predictions: predicted }) => [
    predicted?.expected_ctr ?? null,
    predicted?.expected_engagement ?? null,
  ]);
  const { fractions, doubtful } = readRates(rates);
  const message =
    "Some rates are in percent and others may be: they were read as percentages if most are.";
  const doubts = doubtful.length > 0 ? [doubt("normalized", "assets", message)] : [];
  if (fractions === rates) return fitted(given, ...doubts);
  const assets = given.map((asset, i) => ({
    ...asset,
    performance_predictions: asset.performance_predictions && {
      ...asset.performance_predictions,
      expected_ctr: fractions[2 * i] ?? null,
      expected_engagement: fractions[2 * i + 1] ?? null,
    },
  }));
  return fitted(
    assets,
    ...doubts,
    fixed("number", "assets", "Rates turned from percent into fractions."),
  );
}
