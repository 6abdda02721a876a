/**
 * `npm run test:fairness`: plays who gets the slots, on the ledger alone and on the whole product, and
 * judges it by the bounds of docs/flow-control.md.
 */
import { isUsageError } from "../faults/usage-error.ts";
import { playClaims } from "./claims/play-claims.ts";
import { HELP, type Options, readOptions, SIZES } from "./options.ts";
import { openProduct } from "./product/open-product.ts";
import { playProduct, type Waits } from "./product/play-product.ts";
import { toChart } from "./report/to-chart.ts";
import { type Part, toPage, writePage } from "./report/write-page.ts";
import { missed } from "./verdict.ts";

const USAGE_EXIT_CODE = 2;

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== null) return await playAll(options);
    console.log(HELP);
    return 0;
  } catch (error) {
    if (!isUsageError(error)) throw error;
    console.error(error.message);
    return USAGE_EXIT_CODE;
  }
}

async function playAll(options: Options): Promise<number> {
  const { isQuick, parts, seed, writes } = options;
  const startedAt = performance.now();
  const say = (line: string): void => {
    console.log(`${Math.round((performance.now() - startedAt) / 1000)} s: ${line}`);
  };
  console.log(`Playing with seed ${seed}.`);
  const played: Part[] = [];
  let waits: Waits | null = null;
  if (parts.includes("claims")) {
    const sizes = isQuick ? SIZES.quick : SIZES.full;
    played.push({ title: "The ledger alone", sections: await playClaims({ ...sizes, seed, say }) });
  }
  if (parts.includes("product")) {
    const product = await playWholeProduct({ isQuick, seed, say });
    waits = product.waits;
    played.push({ title: "The whole product", sections: product.sections });
  }
  const took = `${Math.round((performance.now() - startedAt) / 1000)} s`;
  const page = toPage(played, { seed, took });
  console.log(`\n${page}`);
  if (writes && waits !== null) writePage(page, toChart(waits));
  return missed(played.flatMap(({ sections }) => sections)).length === 0 ? 0 : 1;
}

interface Played {
  readonly isQuick: boolean;
  readonly seed: number;
  readonly say: (line: string) => void;
}

async function playWholeProduct({ isQuick, seed, say }: Played) {
  const { product: sizes, shareMs } = isQuick ? SIZES.quick : SIZES.full;
  say("starting all processes");
  const product = await openProduct(() => {});
  try {
    return await playProduct(product, { sizes, isQuick, seed, shareMs, say });
  } finally {
    await product.close();
  }
}

process.exitCode = await main();
