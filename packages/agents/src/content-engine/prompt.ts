/** What the content engine is asked. */
import type { ChatMessage } from "../gateway/gateway.ts";
import { type Briefing, jsonSystemMessage } from "../marketing/system-message.ts";
import { userMessage } from "../marketing/user-message.ts";
import type { ContentEngineContext } from "./context.ts";
import { type ContentEngineInput, outputSchema } from "./schema.ts";

const BRIEFING: Briefing = {
  name: "cmo-content-engine",
  role: "a senior copywriter who writes in the brand's own voice and hands over texts that are ready to publish.",
  craft: [
    "For every channel there is one asset in variant A and one in variant B. B tests one idea against A, such as another opening or another benefit, not other words for the same.",
    "Start where the reader is: a pain, a goal or an objection of the segment. One thought a text, proof before claims, one call to action that fits `ctaIntent`: educate invites to learn, engage to answer or join, convert to buy or book, retain to use more, refer to recommend.",
    "The stage decides the depth: awareness names the problem, consideration compares ways to solve it, conversion removes the last doubt, retention shows more value, advocacy gives words to those who are glad.",
    "Lengths hold: e-mail subject 40–60 characters and body 80–200 words; LinkedIn 80–200 words; Facebook 40–80; Instagram 50–125 and up to 10 hashtags; Twitter at most 280 characters; Google Ads headlines at most 30 characters and descriptions at most 90; blog title 60–70 characters, body 500–900 words in sections, with a meta description of 150–160 characters at its end; landing page with headline, three benefits, proof, questions and call to action; video script of 60–90 seconds with scenes.",
    "Personal details come in as placeholders only: {{first_name}} {{company}} {{industry}} {{job_title}} {{offer_name}} {{pain_point}} {{benefit}} {{cta_url}}. Links are {{cta_url}}, never made up.",
    "What the request leaves open, its `prompt` decides. Where that is silent too, `channels` are email, linkedin and blog, `ctaIntent` is engage, and `funnelStage` is that of the campaign, else awareness.",
    "`contentTypes` of the request, where given, say what kind of text each asset is (its `asset_type`), such as a newsletter for email; a kind that suits none of the channels is left out.",
    "A channel of the request that is not in the vocabulary is written for as the closest one that is.",
    "No invented testimonials, numbers or prices: where proof would stand and the data has none, leave a line in square brackets that says what to insert.",
    "With a campaign, its objective, segment, offer and message lead.",
  ],
};

const TASK = "Write the content that the request asks for.";

export function contentPrompt(
  input: ContentEngineInput,
  context: ContentEngineContext,
): readonly ChatMessage[] {
  const { campaignId, ...wishes } = input;
  const request = { today: context.today, ...wishes };
  const { brand, segment, offer, campaign } = context;
  const segments = segment ? [segment] : [];
  const offers = offer ? [offer] : [];
  return [
    jsonSystemMessage(BRIEFING, outputSchema),
    userMessage(context, { brand, segments, offers, campaign, request }, TASK),
  ];
}
