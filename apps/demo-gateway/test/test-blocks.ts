/** Unusual data blocks that a workspace may contain. */
import fc from "fast-check";
import type { Blocks } from "./test-prompt.ts";

/** Members that are mostly valid and sometimes arbitrary. */
export function anyBlocks(): fc.Arbitrary<Blocks> {
  const text = fc.string({ unit: "grapheme", maxLength: 90 });
  const texts = fc.array(text, { maxLength: 5 });
  const odd = <Value>(usual: fc.Arbitrary<Value>) =>
    fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: fc.jsonValue() });
  const amount = fc.double({ min: 0, max: 1e12, noNaN: true });
  const range = fc.record({ min: odd(amount), max: odd(amount) });
  const segment = fc.record({
    segment_name: odd(text),
    is_primary: fc.boolean(),
    pain_points: odd(texts),
    preferred_channels: odd(texts),
  });
  const offer = fc.record({
    offer_name: odd(text),
    key_benefits: odd(texts),
    price_range: odd(range),
  });
  const request = fc.record(
    {
      budget: odd(amount),
      primaryGoal: odd(text),
      channels: odd(texts),
      funnelType: fc.constantFrom("marketing", "sales", "product", "other"),
      campaignGoal: fc.constantFrom("lead_gen", "nurture", "retention", "other"),
      constraints: odd(fc.record({ channels: texts })),
      targetMetrics: odd(fc.dictionary(text, fc.oneof(text, amount))),
      prompt: odd(text),
      current_step: odd(fc.constantFrom("brand", "icp", "offers")),
    },
    { requiredKeys: [] },
  );
  return fc.record(
    {
      workspace: odd(fc.record({ name: text, currency: odd(text), language: odd(text) })),
      brand: odd(fc.record({ brand_name: odd(text), unique_value_proposition: odd(text) })),
      segments: odd(fc.array(segment, { maxLength: 4 })),
      offers: odd(fc.array(offer, { maxLength: 4 })),
      request: odd(request),
      plan: odd(fc.record({ budget_allocation: odd(fc.record({ total_budget: odd(amount) })) })),
    },
    { requiredKeys: [] },
  );
}
