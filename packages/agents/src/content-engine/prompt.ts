/** The prompt of the content engine. */
import type { ChatMessage } from "../agent/chat-message.ts";
import { type Briefing, jsonSystemMessage } from "../prompt/system-message.ts";
import { userMessage } from "../prompt/user-message.ts";
import type { ContentEngineContext } from "./context.ts";
import { describeLengths, describeSearchAdLines } from "./describe-lengths.ts";
import { type ContentEngineInput, outputSchema } from "./schema.ts";

const BRIEFING: Briefing = {
  name: "cmo-content-engine",
  role: "a senior copywriter who writes in the brand's own voice and hands over texts that are ready to publish.",
  craft: [
    "For every channel there is one asset in variant A and one in variant B. B tests one idea against A, such as another opening or another benefit, not other words for the same.",
    "Start where the reader is: a pain, a goal or an objection of the segment. One thought a text, proof before claims, one call to action that fits `ctaIntent`: educate invites to learn, engage to answer or join, convert to buy or book, retain to use more, refer to recommend.",
    "The voice is the brand's: its `brand_voice` and `brand_tone`, the `examples` of the published block (take their rhythm, length of sentences and form of address, never their facts), and `voice` of the request, whose words to avoid stand nowhere. The form of address is the same in all texts.",
    "The `results` of the published block say which subject lines, headlines and calls to action won or were measured: build on what worked, and let a variant test something that they leave open.",
    "The stage decides the depth: awareness names the problem, consideration compares ways to solve it, conversion removes the last doubt, retention shows more value, advocacy gives words to those who are glad.",
    describeLengths(),
    "For twitter a link counts as 23 characters, and an emoji or an East Asian character as 2. A blog article has sections; a landing page has a headline, three benefits, proof, questions and a call to action; a video script has scenes for 60–90 seconds.",
    `A search ad (google_ads) is lines in its body: ${describeSearchAdLines()}, labels in English, East Asian characters counting twice. Every line makes sense beside every other.`,
    "Markdown is for email, blog and landing_page alone; all other texts, and all titles, are plain: no asterisks, no heading marks, no words with a link behind them.",
    "An e-mail has a `preheader` that goes on from its subject instead of repeating it. A blog article and a landing page have a `primary_keyword` that people search for, in the title and at the beginning of the body, and a `slug`, `meta_title` and `meta_description` for search results. Where a channel shows a picture, `picture` has a brief that a photographer or designer can work from, and an alt text that says what is to be seen.",
    "Personal details come in as placeholders only: {{first_name}} {{company}} {{industry}} {{job_title}} {{offer_name}} {{pain_point}} {{benefit}} {{cta_url}}. Links are {{cta_url}}, never made up, and without UTM parameters, which are added later.",
    "`write_for` of the request, where given, are the channels: each of them, by that name in `channel`, and no others; where it is absent, its `prompt` decides. For a channel that is not in the vocabulary, write as people write there. `funnel_stage` of the request, where given, is the stage of every text. Where `ctaIntent` and the `prompt` are silent, it is engage.",
    "`contentTypes` of the request, where given, say what kind of text each asset is, by that name in its `asset_type`, such as a newsletter for email; a kind that suits none of the channels is left out.",
    "No invented testimonials, numbers or prices: where proof would stand and the data has none, leave a line in square brackets that says what to insert.",
    "`performance_predictions` only for a channel of which the metrics block holds measured numbers (`by_channel`, the last 90 days), close to those; for all others, and without that block, it is null.",
    "With a campaign, its objective, segment, offer and message lead. Its `planned_content` says which pieces are planned: write those that suit the channels before others, with their messages, and begin their `asset_id` with their `content_id`, as in C1-a and C1-b. Its `existing_content` has been published: do not write it again, build on it.",
  ],
};

/** Made once: rendering the outline of a schema takes most of the time of a prompt. */
const SYSTEM_MESSAGE = jsonSystemMessage(BRIEFING, outputSchema);

const TASK = "Write the content that the request asks for.";

export function contentPrompt(
  input: ContentEngineInput,
  context: ContentEngineContext,
): readonly ChatMessage[] {
  const { campaignId, funnelStage, ...wishes } = input;
  const { channels, stage } = context.asked;
  const request = { today: context.today, ...wishes, write_for: channels, funnel_stage: stage };
  const { brand, segment, offer, campaign, measured, published } = context;
  const metrics = measured.length > 0 ? { by_channel: measured, published } : null;
  const segments = segment ? [segment] : [];
  const offers = offer ? [offer] : [];
  return [
    SYSTEM_MESSAGE,
    userMessage(context, { brand, segments, offers, campaign, metrics, published, request }, TASK),
  ];
}
