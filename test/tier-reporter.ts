/** Says how many tests ran at each tier, and closes with the one line that scripts look for. */
import type { Reporter, TestModule } from "vitest/node";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export class TierReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tiers = new Map<string, Tally>();
    for (const module of modules) {
      const tier = tiers.get(module.project.name) ?? { passed: 0, failed: 0, skipped: 0 };
      tiers.set(module.project.name, tier);
      for (const state of ["passed", "failed", "skipped"] as const) {
        tier[state] += [...module.children.allTests(state)].length;
      }
    }
    const parts = [...tiers].map(([name, tally]) => `${name} ${describe(tally)}`);
    console.log(`Tests by tier: ${parts.join(" · ")}`);
    const total = [...tiers.values()].reduce(add, { passed: 0, failed: 0, skipped: 0 });
    console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  }
}

function describe({ passed, failed, skipped }: Tally): string {
  const notes = [failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(Boolean);
  return notes.length > 0 ? `${passed} (${notes.join(", ")})` : `${passed}`;
}

function add(a: Tally, b: Tally): Tally {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  };
}
