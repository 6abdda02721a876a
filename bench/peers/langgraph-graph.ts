/** The smallest agent: one node that asks the model. */
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { required } from "../programs/serve-parent.ts";

const model = new ChatOpenAI({
  model: "google/gemini-2.5-flash",
  apiKey: required("LOVABLE_API_KEY"),
  configuration: { baseURL: required("AI_GATEWAY_URL") },
  streaming: true,
});

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("agent", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
  .addEdge("__start__", "agent")
  .compile();
