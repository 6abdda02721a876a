/**
 * The topics of the interview's current part that were talked about: the owner names one, or
 * answers a question about it. Their blocks come when the part is complete, so without this a part
 * would count as unknown until its last answer.
 */
import type { BrandIntakeInput, IntakeStep } from "./schema.ts";
import { TOPIC_WORDS } from "./topic-words.ts";

const SENTENCE = /[^.!?;\n]+[.!?;]*/g;
/** An answer that leaves a question open. */
const LEAVES_OPEN =
  /don['’]?t know|no idea|not sure|not yet|\blater\b|\bskip\b|weiß (?:ich )?(?:noch )?nicht|keine ahnung|später|noch nicht|sais pas|aucune idée|plus tard|pas encore|no (?:lo )?sé|ni idea|más tarde|todavía no/i;
/** Words of an answer that says something. */
const ANSWER_WORDS_MIN = 2;

export function heardTopics(
  step: IntakeStep,
  { messages, prompt }: Pick<BrandIntakeInput, "messages" | "prompt">,
): ReadonlySet<string> {
  const spoken =
    messages.length > 0 ? messages : [{ role: "user", content: prompt ?? "" } as const];
  const heard = new Set<string>();
  spoken.forEach(({ role, content }, i) => {
    if (role !== "user") return;
    const answers = sentencesOf(content).filter((sentence) => !LEAVES_OPEN.test(sentence));
    const isAnswer = answers.join(" ").trim().split(/\s+/).length >= ANSWER_WORDS_MIN;
    const question = spoken[i - 1];
    const asked = isAnswer && question?.role === "assistant" ? questionsOf(question.content) : [];
    for (const [topic, words] of Object.entries(TOPIC_WORDS[step])) {
      if ([...answers, ...asked].some((sentence) => words.test(sentence))) heard.add(topic);
    }
  });
  return heard;
}

function questionsOf(text: string): readonly string[] {
  return sentencesOf(text).filter((sentence) => sentence.trimEnd().endsWith("?"));
}

function sentencesOf(text: string): readonly string[] {
  return text.match(SENTENCE) ?? [];
}
