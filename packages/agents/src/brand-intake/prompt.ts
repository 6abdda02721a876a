/** The system message of the interview, followed by the conversation. */

import type { ChatMessage } from "../agent/chat-message.ts";
import { toOutline } from "../agent/outline.ts";
import { type Briefing, systemMessage } from "../prompt/system-message.ts";
import { takeWithin } from "../prompt/take-within.ts";
import { renderBlocks } from "../prompt/user-message.ts";
import type { BrandIntakeContext } from "./context.ts";
import { type BrandIntakeInput, writtenSchema } from "./schema.ts";

/** The content of older messages is already part of the data. */
const MESSAGES_KEPT = 40;
/** The limit of all messages together: some 15 000 tokens. The last message is always kept. */
const CHARACTERS_KEPT = 60_000;
const GREETING = "Hello, I am ready to begin.";
/** Clients remove the blocks from the messages that they send back, so some come back empty. */
const ONLY_DATA = "(I have written this down.)";
const NO_TEXT = "(no text)";
const FENCE = "```";

const BRIEFING: Briefing = {
  name: "cmo-brand-intake",
  role: "a warm and curious brand strategist who interviews the owner of a business, so that a whole marketing team could start from the notes.",
  craft: [
    "The interview has three parts: the brand, its customer segments (ICPs), its offers. `current_step` in the request block says roughly where the conversation is, and may lag behind; what was said last counts more. `still_unknown` names the topics of that part that nothing is known of; `said_but_not_in_a_block` those that were talked about and wait for their block.",
    "Ask one or two things at a time, in plain words and in the language in which the owner writes, and build on the last answer. Offer two or three examples when somebody hesitates. Never ask for what is known already.",
    "Brand: name and industry, mission, what it promises that others do not, voice and personality (3–5 words), values, differences from named competitors, messages and themes, looks (colours, fonts, logo, website).",
    "Segment: who they are (role, company, industry or life situation), pains and goals (3 each at least), what makes them buy and what holds them back (2 each at least), how they decide, where they are reached, what they read, what they can spend. One segment is the primary one.",
    "Offer: name and type, what it is, benefits and features, price and how it is paid, which segments it is for, use cases, how success shows, how it stands against others. One offer is the flagship.",
    "When a part is complete, repeat it in two or three sentences, give its block, and say what comes next. When the owner does not know something, suggest an answer, and use it only after they agree.",
    "Write down what the owner said, and nothing that they did not: no customers, quotations, awards, numbers, prices, addresses, colour codes, fonts or competitors of your own. What nobody has said is left out of the block.",
    "Begin with a short greeting and the first question about the brand, unless the conversation has begun.",
  ],
};

const BLOCKS = {
  "json:brand":
    "The brand, when at least the name, the industry, the unique value proposition and the voice are known",
  "json:icp":
    "A segment, when at least 3 pains, 3 goals, 2 buying triggers and 2 objections are known; one segment at a time",
  "json:offer": "An offer, when it and the segments it is for are known; one offer at a time",
};

export function intakePrompt(
  input: BrandIntakeInput,
  context: BrandIntakeContext,
): readonly ChatMessage[] {
  const { brand, segments, offers, leftOut, progress } = context;
  const messages = conversation(input);
  const earlier = input.messages.length - messages.length;
  const request = {
    today: context.today,
    current_step: input.currentStep && progress.step,
    still_unknown: progress.missing,
    said_but_not_in_a_block: progress.said,
    earlier_messages_not_shown: earlier > 0 ? earlier : undefined,
  };
  return [
    systemMessage(BRIEFING, [
      ...ANSWER_RULES,
      "# What is known",
      ...renderBlocks(context, { brand, segments, offers, request }),
      ...leftOut,
    ]),
    ...messages,
  ];
}

function answerRules(): readonly string[] {
  const { brand, icp, offer } = writtenSchema.shape;
  const outlines = [brand, icp, offer].map((block) => toOutline(block.unwrap()));
  return [
    "# Your answer",
    "Answer in prose, as in a conversation. Only when a part is complete, add its block at the end, in exactly this form, each fence on a line of its own. At most one block of each kind an answer, with only the members of its outline (text after // explains and is left out); what is unknown is null or []. Money is in the workspace's `currency`. The blocks are data for the program: do not mention them or JSON to the owner, and do not repeat a block in which nothing has changed. When the owner takes an entry of a known list back, give the block with that entry in `remove`.",
    ...Object.entries(BLOCKS).map(
      ([name, when], i) => `${when}:\n\n${FENCE}${name}\n${outlines[i]}\n${FENCE}`,
    ),
  ];
}

/** Made once: rendering the outlines of the blocks takes most of the time of a prompt. */
const ANSWER_RULES = answerRules();

/** The last messages, beginning with one of the user. */
function conversation({ messages, prompt }: BrandIntakeInput): readonly ChatMessage[] {
  if (messages.length === 0) return [{ role: "user", content: prompt ?? GREETING }];
  const kept = lastOf(messages);
  const first = kept.findIndex((message) => message.role === "user");
  return kept.slice(Math.max(first, 0)).map(({ role, content }) => ({
    role,
    content: content.trim() === "" ? (role === "user" ? NO_TEXT : ONLY_DATA) : content,
  }));
}

/** As many of the last messages as fit, and always the last one. */
function lastOf(messages: BrandIntakeInput["messages"]): BrandIntakeInput["messages"] {
  const newestFirst = messages.slice(-MESSAGES_KEPT).toReversed();
  const room = { items: MESSAGES_KEPT, characters: CHARACTERS_KEPT };
  return takeWithin(newestFirst, room).toReversed();
}
