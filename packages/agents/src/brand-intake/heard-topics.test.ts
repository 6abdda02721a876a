import { expect, test } from "vitest";
import { heardTopics } from "./heard-topics.ts";
import type { IntakeStep } from "./schema.ts";

const heard = (step: IntakeStep, ...turns: readonly string[]) => {
  const messages = turns.map((content, i) => ({
    role: i % 2 === 0 ? ("user" as const) : ("assistant" as const),
    content,
  }));
  return [...heardTopics(step, { messages })];
};

test.each<[IntakeStep, string, string]>([
  ["brand", "Our mission is calm mornings.", "mission"],
  ["brand", "Gegner sind Küchenstudios.", "differences"],
  ["brand", "Notre ton est chaleureux.", "voice"],
  ["icp", "Budget 15 bis 30 Tausend.", "budget"],
  ["icp", "Zurück hält sie der Preis. Anlass: Kinder raus.", "objections"],
  ["icp", "Zurück hält sie der Preis. Anlass: Kinder raus.", "triggers"],
  ["icp", "Sus objetivos son crecer.", "goals"],
  ["offers", "Cuesta 20 euros al mes.", "price"],
])("of the part %s, “%s” is about %s", (step, said, topic) => {
  expect(heard(step, said)).toContain(topic);
});

test("the answer to a question is about what was asked", () => {
  expect(heard("brand", "Hi", "What values guide you?", "Honesty and care.")).toContain("values");
  expect(heard("brand", "Hi", "Wie klingt Ihre Marke?", "Ruhig, ehrlich.")).toContain("voice");
});

test.each(["I don't know", "Keine Ahnung.", "Plus tard, merci", "No sé todavía", "?"])(
  "an answer that leaves the question open says nothing: %s",
  (answer) => {
    expect(heard("brand", "Hi", "What is your mission?", answer)).toEqual([]);
  },
);

test("what only the interviewer says is not heard", () => {
  expect(
    heard("brand", "Hi there", "Your mission is calm mornings. Nice!", "Thank you kindly"),
  ).toEqual([]);
  expect(heard("brand", "Website later.")).toEqual([]);
});

test("without messages, the prompt is what was said", () => {
  expect([...heardTopics("brand", { messages: [], prompt: "Our values: care" })]).toEqual([
    "values",
  ]);
});
